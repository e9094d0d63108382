/** A UUID of any version. */
export const uuidPattern = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** The IDs that contract/fields.ts accepts. Spelled out because the browser loads this with its first page, and zod would come with it. */
export const idPattern = /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/i;
