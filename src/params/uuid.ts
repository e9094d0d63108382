import { idPattern } from '#lib/contract/uuid-pattern.ts';

/** Restricts user pages to IDs; anything else is a 404. */
export const match = (param: string): boolean => idPattern.test(param);
