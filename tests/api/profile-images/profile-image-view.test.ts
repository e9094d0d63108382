import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useApi } from '#tests/support/api.ts';
import { buildMultipart, createPicture } from '#tests/support/pictures.ts';
import { unknownId } from '#tests/support/operations.ts';
import { message, uuidIssue, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const ownPath = '/api/users/profile-image';
const getPath = (id: string) => `/api/users/${id}/profile-image`;
const getFolder = (id: string) => path.join(api.dataDir, 'profile', id);
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

describe('GET /users/{id}/profile-image', () => {
	it('returns 200 for any signed-in user, without content sniffing', async () => {
		const { user } = await signInPictured();
		const { token } = await api.accounts.signIn();
		const reply = await api.request('GET', getPath(user.id), { token });
		expect(reply.status).toBe(200);
		expect(reply.headers).toMatchObject({
			'content-type': 'image/webp',
			'content-length': String(reply.bytes.length),
			'x-content-type-options': 'nosniff',
			'cache-control': 'private, no-cache',
			etag: expect.stringMatching(/^"\w+"$/) as unknown
		});
		const head = await api.request('HEAD', getPath(user.id), { token });
		expect([head.status, head.bytes.length]).toEqual([200, 0]);
	});

	it('returns 304 for a cached picture and 200 for a new one', async () => {
		const { user, token } = await signInPictured();
		const { etag = '' } = (await api.request('GET', getPath(user.id), { token })).headers;
		for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
			const again = await api.request('GET', getPath(user.id), { token, headers: { 'if-none-match': known } });
			expect([again.status, again.bytes.length, again.headers.etag]).toEqual([304, 0, etag]);
		}
		await upload(token, await createPicture('png'));
		const changed = await api.request('GET', getPath(user.id), { token, headers: { 'if-none-match': etag } });
		expect(changed.status).toBe(200);
		expect(changed.headers.etag).not.toBe(etag);
	});

	it('is cached by a browser only if the address names its change', async () => {
		const { user, token, profileChangedAt } = await signInPictured();
		const getCaching = async (updatedAt: string) =>
			(await api.request('GET', `${getPath(user.id)}?updatedAt=${encodeURIComponent(updatedAt)}`, { token })).headers[
				'cache-control'
			];
		expect(await getCaching(profileChangedAt)).toBe('private, max-age=86400');
		expect(await getCaching('2020-01-01T00:00:00.000Z')).toBe('private, no-cache');
		expect(await getCaching('x')).toBe('private, no-cache');
	});

	it('returns 404 for an unknown or deleted user, one without a picture, and a missing file', async () => {
		const { token } = await api.accounts.signInAdmin();
		const { user: deleted } = await signInPictured();
		await api.prisma.user.update({ where: { id: deleted.id }, data: { deletedAt: new Date() } });
		const [bare, lost] = [
			await api.accounts.makeUser(),
			await api.accounts.makeUser({ profileImagePath: 'profile/x/lost.webp' })
		];
		for (const id of [unknownId, deleted.id, bare.id, lost.id]) {
			const reply = await api.request('GET', getPath(id), { token });
			expect([reply.status, reply.body]).toEqual([404, message('Not Found')]);
		}
	});

	it('returns 404 for any path in the row outside the user’s folder', async () => {
		const { user, token } = await api.accounts.signIn();
		await mkdir(getFolder(user.id), { recursive: true });
		await writeFile(path.join(api.dataDir, 'secret.webp'), 'secret');
		await writeFile(path.join(getFolder(user.id), 'page.html'), 'page');
		await mkdir(path.join(getFolder(user.id), 'folder.webp'));
		await symlink(path.join(api.dataDir, 'secret.webp'), path.join(getFolder(user.id), 'link.webp'));
		for (const stored of [
			'../../secret.webp',
			'..\\..\\secret.webp',
			path.join(api.dataDir, 'secret.webp'),
			'page.html',
			'folder.webp',
			'link.webp',
			'..',
			'.webp'
		]) {
			await api.prisma.user.update({ where: { id: user.id }, data: { profileImagePath: stored } });
			expect((await api.request('GET', getPath(user.id), { token })).status, stored).toBe(404);
		}
	});

	it('returns 200 for a file that Immich stored there, whatever its path in the row', async () => {
		const profileImagePath = '/usr/src/app/upload/profile/somebody/old.jpg';
		const { user, token } = await api.accounts.signIn({ profileImagePath });
		await mkdir(getFolder(user.id), { recursive: true });
		await writeFile(path.join(getFolder(user.id), 'old.jpg'), await createPicture('jpeg'));
		const reply = await api.request('GET', getPath(user.id), { token });
		expect([reply.status, reply.headers['content-type']]).toEqual([200, 'image/jpeg']);
	});

	it('returns 400 for an invalid ID', async () => {
		const { token } = await api.accounts.signIn();
		const reply = await api.request('GET', getPath('5'), { token });
		expect([reply.status, reply.body]).toEqual([400, validationFailed(uuidIssue())]);
	});
});
