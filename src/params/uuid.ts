import { uuid } from '#lib/contract/fields.ts';

/** Keeps pages of accounts to ids; anything else is no page. */
export const match = (param: string): boolean => uuid.safeParse(param).success;
