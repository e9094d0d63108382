export { createRealtime } from './feature.ts';
export { toHeaders } from './admission.ts';
export { Recheck } from './recheck.ts';
