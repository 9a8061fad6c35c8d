import { containerSpecs } from './containers.ts';
import { installationSpecs } from './installation.ts';
import { peopleSpecs } from './people.ts';
import type { Spec } from './spec.ts';

export const specs: readonly Spec[] = [...containerSpecs, ...installationSpecs, ...peopleSpecs];
