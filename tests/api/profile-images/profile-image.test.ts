import { readdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useApi } from '#tests/support/api.ts';
import { buildMultipart, createPicture, pngBomb } from '#tests/support/pictures.ts';
import { anyIso, message } from '#tests/support/shapes.ts';

const api = useApi();
const ownPath = '/api/users/profile-image';
const getPath = (id: string) => `/api/users/${id}/profile-image`;
const getFolder = (id: string) => path.join(api.dataDir, 'profile', id);
const listFiles = (id: string) => readdir(getFolder(id)).catch(() => []);
const Made = z.strictObject({ userId: z.string(), profileImagePath: z.string(), profileChangedAt: z.string() });

async function upload(token: string, bytes: Uint8Array | string, options: { field?: string; name?: string } = {}) {
	return api.request('POST', ownPath, { token, ...(await buildMultipart(bytes, options)) });
}

/** A user with a picture. */
async function signInPictured() {
	const signedIn = await api.accounts.signIn();
	const reply = await upload(signedIn.token, await createPicture('jpeg'));
	return { ...signedIn, ...Made.parse(reply.body) };
}

describe('POST /users/profile-image', () => {
	it.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)('returns 201 for %s as a square WebP', async (format) => {
		const { user, token } = await api.accounts.signIn();
		const reply = await upload(token, await createPicture(format), { name: `me.${format}` });
		const profileImagePath: unknown = expect.stringMatching(`^profile/${user.id}/[\\da-f-]{36}\\.webp$`);
		expect([reply.status, reply.body]).toEqual([201, { userId: user.id, profileImagePath, profileChangedAt: anyIso }]);
		const { bytes } = await api.request('GET', getPath(user.id), { token });
		expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width: 250, height: 250 });
		const me = await api.request('GET', '/api/users/me', { token });
		expect(me.body).toMatchObject(
			z.object({ profileImagePath: z.string(), profileChangedAt: z.string() }).parse(reply.body)
		);
	});

	it('crops to the center, rotates upright, and strips time and location', async () => {
		const { user, token } = await api.accounts.signIn();
		const turned = await sharp(await createPicture('jpeg', 600, 300))
			.withExif({ IFD0: { Artist: 'Somebody', Copyright: 'Secret' }, IFD3: { GPSLatitude: '52/1 30/1 0/1' } })
			.withMetadata({ orientation: 6 })
			.toBuffer();
		await upload(token, turned);
		const { bytes } = await api.request('GET', getPath(user.id), { token });
		const { exif, icc, xmp, orientation } = await sharp(bytes).metadata();
		expect([exif, icc, xmp, orientation]).toEqual([undefined, undefined, undefined, undefined]);
		const at = async (left: number, top: number) =>
			[...(await sharp(bytes).extract({ left, top, width: 1, height: 1 }).raw().toBuffer())].map(
				(value) => value > 128
			);
		// Rotated to the right, the red left half is on top.
		expect(await at(125, 10)).toEqual([true, false, false]);
		expect(await at(125, 240)).toEqual([false, false, true]);
	});

	it('removes the old file once the row names the new one', async () => {
		const { user, token, profileImagePath, profileChangedAt } = await signInPictured();
		const reply = Made.parse((await upload(token, await createPicture('png'))).body);
		expect(reply.profileImagePath).not.toBe(profileImagePath);
		expect(reply.profileChangedAt > profileChangedAt).toBe(true);
		expect(await listFiles(user.id)).toEqual([path.basename(reply.profileImagePath)]);
	});

	it('leaves one file after concurrent uploads', async () => {
		const { user, token } = await api.accounts.signIn();
		const picture = await createPicture('jpeg');
		const replies = await Promise.all(Array.from({ length: 5 }, () => upload(token, picture)));
		expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
		const { profileImagePath } = await api.accounts.findUser(user.id);
		expect(await listFiles(user.id)).toEqual([path.basename(profileImagePath)]);
	});

	const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>';
	it.each([
		['an SVG', svg, 'me.svg'],
		['an SVG that says it is a PNG', svg, 'me.png'],
		['an HTML page', '<!doctype html><script>alert(1)</script>', 'me.jpg'],
		['a PDF', '%PDF-1.7\n%âãÏÓ', 'me.pdf'],
		['a TIFF', 'II*\0\x08\0\0\0', 'me.tiff'],
		['nothing', '', 'me.jpg'],
		['text', 'no picture', '../../../etc/passwd']
	])('returns 400 for %s', async (_, bytes, name) => {
		const { user, token } = await api.accounts.signIn();
		const reply = await upload(token, bytes, { name });
		// Folders in a filename are dropped, as in Immich.
		expect([reply.status, reply.body]).toEqual([400, message(`Unsupported file type ${path.basename(name)}`)]);
		expect(await listFiles(user.id)).toEqual([]);
	});

	it('returns 400 for an overlong name and truncates it', async () => {
		const { token } = await api.accounts.signIn();
		const reply = await upload(token, 'x', { name: 'n'.repeat(5_000) });
		expect(reply.body).toEqual(message(`Unsupported file type ${'n'.repeat(100)}`));
	});

	it('returns 400 for a picture that decompresses to too much', async () => {
		const { user, token } = await api.accounts.signIn();
		for (const side of [9_000, 60_000]) {
			const bomb = pngBomb(side);
			expect(bomb.length).toBeLessThan(64 * 1024);
			const reply = await upload(token, bomb);
			expect([reply.status, reply.body]).toEqual([400, message('Unable to process profile image')]);
		}
		expect(await listFiles(user.id)).toEqual([]);
	});

	it.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)('returns 400 for half a %s', async (format) => {
		const { user, token } = await api.accounts.signIn();
		const whole = await createPicture(format, 800, 600);
		for (const length of [whole.length >> 1, 40, 12]) {
			const reply = await upload(token, whole.subarray(0, length));
			expect([reply.status, reply.body]).toEqual([400, message('Unable to process profile image')]);
		}
		expect(await listFiles(user.id)).toEqual([]);
	});

	it('strips metadata and trailing data', async () => {
		const { user, token } = await api.accounts.signIn();
		const script = '<script>alert(1)</script>';
		const reply = await upload(token, Buffer.concat([await createPicture('gif'), Buffer.from(script)]), {
			name: 'x.html'
		});
		expect(reply.status).toBe(201);
		const image = await api.request('GET', getPath(user.id), { token });
		expect(image.headers['content-type']).toBe('image/webp');
		expect(image.bytes.includes(script)).toBe(false);
	});

	it('returns 400 for another field name, for text instead of a file, and for a body that is not a form', async () => {
		const { token } = await api.accounts.signIn();
		const picture = await createPicture('jpeg');
		const missing = { path: ['file'], code: 'invalid_type' };
		const replies = [
			await upload(token, picture, { field: 'picture' }),
			await api.request('POST', ownPath, { token, body: { file: 'x' } }),
			await api.request('POST', ownPath, { token, raw: picture, headers: { 'content-type': 'image/jpeg' } }),
			await api.request('POST', ownPath, { token, form: { file: 'x' } }),
			await api.request('POST', ownPath, { token })
		];
		for (const reply of replies)
			expect([reply.status, reply.body]).toMatchObject([400, { message: 'Validation failed', errors: [missing] }]);
		const boundary = 'a-boundary-as-long-as-they-usually-are';
		const text = `multipart/form-data; boundary=${boundary}`;
		const noFile = await api.request('POST', ownPath, {
			token,
			raw: `--${boundary}\r\nContent-Disposition: form-data; name="file"\r\n\r\ntext\r\n--${boundary}--\r\n`,
			headers: { 'content-type': text }
		});
		expect([noFile.status, noFile.body]).toMatchObject([400, { errors: [missing] }]);
		for (const raw of ['', `--${boundary}`, `--${boundary}\r\nnonsense`, '--y--']) {
			const broken = await api.request('POST', ownPath, { token, raw, headers: { 'content-type': text } });
			expect([broken.status, broken.body]).toEqual([400, message('The form could not be read')]);
		}
	});

	it('returns 413 while reading a body over the limit', async () => {
		const { user, token } = await api.accounts.signIn();
		const tooLarge = Buffer.alloc(17 * 1024 * 1024, 'x').toString();
		const type = { 'content-type': 'multipart/form-data; boundary=x' };
		const declared = await api.request('POST', ownPath, { token, raw: tooLarge, headers: type });
		expect([declared.status, declared.body]).toEqual([413, message('Request body is too large')]);
		const pieces = Array.from({ length: 17 }, () => 'x'.repeat(1024 * 1024));
		const chunked = await api.request('POST', ownPath, { token, raw: pieces, headers: type });
		expect([chunked.status, chunked.body]).toEqual([413, message('Request body is too large')]);
		expect(await listFiles(user.id)).toEqual([]);
	});

	it('returns 401 for a large body without a credential and keeps the connection usable', async () => {
		for (let sent = 0; sent < 2; sent += 1) {
			const reply = await api.request('POST', ownPath, {
				raw: Buffer.alloc(8 * 1024 * 1024),
				headers: { 'content-type': 'multipart/form-data; boundary=x' }
			});
			expect([reply.status, reply.body]).toEqual([401, message('Authentication required')]);
		}
		expect((await api.request('GET', '/api/server/ping')).status).toBe(200);
	});

	it('leaves no file if the user is deleted in the meantime', async () => {
		const { user, token } = await api.accounts.signIn();
		const { token: adminToken } = await api.accounts.signInAdmin();
		const picture = await createPicture('png', 4_000, 3_000);
		const [uploaded] = await Promise.all([
			upload(token, picture),
			api.request('DELETE', `/api/admin/users/${user.id}`, { token: adminToken, body: { force: true } })
		]);
		expect([201, 400, 401]).toContain(uploaded.status);
		await expect.poll(() => listFiles(user.id)).toEqual([]);
	});
});

describe('DELETE /users/profile-image', () => {
	it('returns 204 and deletes the file', async () => {
		const { user, token, profileChangedAt } = await signInPictured();
		expect((await api.request('DELETE', ownPath, { token })).status).toBe(204);
		expect(await listFiles(user.id)).toEqual([]);
		const after = await api.accounts.findUser(user.id);
		expect(after.profileImagePath).toBe('');
		expect(after.profileChangedAt.toISOString() > profileChangedAt).toBe(true);
		expect((await api.request('GET', getPath(user.id), { token })).status).toBe(404);
	});

	it('returns 400 without a picture and writes nothing', async () => {
		const { user, token } = await api.accounts.signIn();
		const reply = await api.request('DELETE', ownPath, { token });
		expect([reply.status, reply.body]).toEqual([400, message("Can't delete a missing profile Image")]);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});
});

describe('a user’s picture', () => {
	it('stays while the user can be restored and is deleted permanently with the user', async () => {
		const { user } = await signInPictured();
		const { token } = await api.accounts.signInAdmin();
		await api.request('DELETE', `/api/admin/users/${user.id}`, { token });
		expect(await listFiles(user.id)).toHaveLength(1);
		await api.request('DELETE', `/api/admin/users/${user.id}`, { token, body: { force: true } });
		expect(await readdir(path.join(api.dataDir, 'profile'))).not.toContain(user.id);
	});
});
