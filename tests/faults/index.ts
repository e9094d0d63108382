import type { Fault } from './fault.ts';
import { secretFaults } from './secrets.ts';

/** Every planted fault, by area. */
export const faultsByArea: Readonly<Record<string, readonly Fault[]>> = { secrets: secretFaults };
