// Written out, because the browser loads this with its first page, and zod with it. The same ids as contract/fields.ts takes.
const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;

/** Keeps pages of accounts to ids; anything else is no page. */
export const match = (param: string): boolean => uuid.test(param);
