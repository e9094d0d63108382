export { createRealtime } from './feature.ts';
