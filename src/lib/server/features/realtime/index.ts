export { Holders } from './connection-owners.ts';
export { Gateway } from './gateway.ts';
