import { hash } from 'node:crypto';
import type { z } from 'zod';

/** A response's JSON, ready to be sent. */
export interface RenderedJson {
	readonly json: string;
	readonly sizeBytes: number;
	/** Weak, as in Immich: compression changes the bytes. */
	readonly etag: string;
}

/** The schema with which an immutable reply was rendered, and the result. */
interface Known {
	readonly schema: z.ZodType;
	readonly rendered: RenderedJson;
}

const known = new WeakMap<object, Known>();

/**
 * Renders a reply as JSON with only the fields that its schema declares. An immutable reply, such as that of the caller's own
 * user, which stays the same for many requests, is rendered once.
 * @throws {z.ZodError} if the reply doesn't match its schema
 */
export function renderReply(schema: z.ZodType, reply: unknown): RenderedJson {
	const cached = isObject(reply) ? known.get(reply) : undefined;
	if (cached?.schema === schema) return cached.rendered;
	// Parsing drops every field that the schema doesn't declare.
	const rendered = renderJson(JSON.stringify(schema.parse(reply)));
	if (isObject(reply) && isImmutable(reply)) known.set(reply, { schema, rendered });
	return rendered;
}

/** Adds to a JSON text what its response's headers need. */
export const renderJson = (json: string): RenderedJson => ({
	json,
	sizeBytes: Buffer.byteLength(json),
	etag: `W/"${hash('sha1', json, 'base64url')}"`
});

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Whether a value can never change: frozen, with all it contains. Dates, maps and the like change even when frozen. */
const isImmutable = (value: object): boolean =>
	Object.isFrozen(value) &&
	[Object.prototype, Array.prototype].includes(Object.getPrototypeOf(value) as object) &&
	Object.values(value).every((item: unknown) => !isObject(item) || isImmutable(item));
