import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { renderReply } from '#lib/server/platform/http/rendered-json.ts';

/** A schema that counts how often it is used. */
function counted() {
	let count = 0;
	const schema = z.object({ name: z.string(), tags: z.array(z.string()).optional() }).transform((value) => {
		count++;
		return value;
	});
	return { schema, count: () => count };
}

describe('the JSON of a reply', () => {
	it('contains only what the schema declares', () => {
		const { json } = renderReply(z.object({ name: z.string() }), { name: 'Ada', passwordHash: 'secret' });
		expect(json).toBe('{"name":"Ada"}');
	});

	it('refuses a reply that does not match its schema, also an immutable one', () => {
		expect(() => renderReply(z.object({ name: z.string() }), Object.freeze({ name: 1 }))).toThrow(z.ZodError);
	});

	it('has the size in bytes and a weak tag of its content', () => {
		const schema = z.object({ name: z.string() });
		const zoe = renderReply(schema, { name: 'Zoë' });
		expect(zoe.sizeBytes).toBe(15);
		expect(zoe.etag).toMatch(/^W\/"[\w-]{27}"$/);
		expect(renderReply(schema, { name: 'Zoë' }).etag).toBe(zoe.etag);
		expect(renderReply(schema, { name: 'Zoe' }).etag).not.toBe(zoe.etag);
	});

	it('is rendered once for an immutable reply', () => {
		const { schema, count } = counted();
		const reply = Object.freeze({ name: 'Ada', tags: Object.freeze(['one']) });
		expect(renderReply(schema, reply)).toBe(renderReply(schema, reply));
		expect(count()).toBe(1);
	});

	it('is rendered again with another schema', () => {
		const reply = Object.freeze({ name: 'Ada', email: 'ada@example.test' });
		expect(renderReply(z.object({ name: z.string(), email: z.string() }), reply).json).toContain('email');
		expect(renderReply(z.object({ name: z.string() }), reply).json).toBe('{"name":"Ada"}');
	});

	it.each<[string, () => { name: string; tags?: string[] }, (reply: { name: string; tags?: string[] }) => void]>([
		['is not frozen', () => ({ name: 'Ada' }), (reply) => (reply.name = 'Eve')],
		['has a list that is not', () => Object.freeze({ name: 'Ada', tags: ['one'] }), (reply) => reply.tags?.push('two')]
	])('is rendered again if the reply %s', (_, create, change) => {
		const { schema } = counted();
		const reply = create();
		const before = renderReply(schema, reply).json;
		change(reply);
		const after = renderReply(schema, reply).json;
		expect(after).not.toBe(before);
		expect(JSON.parse(after)).toEqual(reply);
	});

	it('is rendered again for an object that changes even when frozen', () => {
		const schema = z.object({ at: z.date().transform((date) => date.toISOString()) });
		const at = new Date(0);
		const reply = Object.freeze({ at: Object.freeze(at) });
		const before = renderReply(schema, reply).json;
		at.setFullYear(2026);
		expect(renderReply(schema, reply).json).not.toBe(before);
	});
});
