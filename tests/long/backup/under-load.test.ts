/** The everyday test's rounds, fifty of them. */
import { underLoad } from '../../integration/backup/under-load.ts';

underLoad(50);
