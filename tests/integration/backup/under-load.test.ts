import { underLoad } from './under-load.ts';

underLoad(3);
