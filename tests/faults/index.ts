import type { Fault } from './fault.ts';

/** Every planted fault, by area. */
export const faultsByArea: Readonly<Record<string, readonly Fault[]>> = {};
