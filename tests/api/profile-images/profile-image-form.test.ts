import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { buildMultipart, createPicture } from '#tests/support/pictures.ts';

const api = useApi();
const listFiles = (id: string) => readdir(path.join(api.dataDir, 'profile', id)).catch(() => []);

describe('the form for the user’s own picture', () => {
	const page = '/account/profile';
	const submit = async (token: string, bytes: Uint8Array | string, name = 'me.jpg') => {
		const { raw, headers } = await buildMultipart(bytes, { name });
		const origin = { origin: api.url, host: new URL(api.url).host, accept: 'text/html' };
		return api.request('POST', `${page}?/setPicture`, {
			cookie: buildCookie(token),
			raw,
			headers: { ...headers, ...origin }
		});
	};

	it('redirects with 303 after uploading and after removing a picture', async () => {
		const { user, token } = await api.accounts.signIn();
		const set = await submit(token, await createPicture('jpeg'));
		expect([set.status, set.headers.location]).toEqual([303, page]);
		expect(await listFiles(user.id)).toHaveLength(1);
		const removed = await api.submit(`${page}?/removePicture`, {}, buildCookie(token));
		expect([removed.status, removed.headers.location]).toEqual([303, page]);
		expect(await listFiles(user.id)).toEqual([]);
	});

	it('returns 400 with a message at the field without a picture', async () => {
		const { token } = await api.accounts.signIn();
		for (const [bytes, name] of [
			['<svg/>', 'me.svg'],
			['', '']
		] as const) {
			const reply = await submit(token, bytes, name);
			expect(reply.status).toBe(400);
			expect(/(Unsupported image|Choose a file first)/.test(reply.text)).toBe(true);
		}
	});

	it('returns 413 for a file that is too large', async () => {
		const { token } = await api.accounts.signIn();
		expect((await submit(token, Buffer.alloc(17 * 1024 * 1024))).status).toBe(413);
	});

	it('returns 403 from another site', async () => {
		const { token } = await api.accounts.signIn();
		const framed = await buildMultipart(await createPicture('jpeg'));
		const reply = await api.request('POST', `${page}?/setPicture`, {
			cookie: buildCookie(token),
			raw: framed.raw,
			headers: { ...framed.headers, origin: 'https://evil.example' }
		});
		expect(reply.status).toBe(403);
	});
});
