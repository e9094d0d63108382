// Spelled out because the browser loads this with its first page and zod would come with it. Same IDs as contract/fields.ts.
const uuid = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;

/** Restricts user pages to IDs; anything else is a 404. */
export const match = (param: string): boolean => uuid.test(param);
