import { access } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { AuditBlock } from '#tests/support/audit-block.ts';
import { uploadPicture } from '#tests/support/uploads.ts';

const api = useApi({ isOwn: true });

const isThere = (file: string) =>
	access(path.join(api.dataDir, file)).then(
		() => true,
		() => false
	);
const fileOf = async (id: string) => (await api.prisma.asset.findUniqueOrThrow({ where: { id } })).originalPath;

it('a permanent deletion of a user removes their files, unless it fails', async () => {
	const admin = await api.accounts.signInAdmin();
	const { user, token } = await api.accounts.signIn();
	const other = await api.accounts.signIn();
	const file = await fileOf(await uploadPicture(api, token));
	const otherFile = await fileOf(await uploadPicture(api, other.token));
	const remove = () =>
		api.request('DELETE', `/api/admin/users/${user.id}`, { token: admin.token, body: { force: true } });
	// Thumbnails change rows too.
	const countJobs = async () =>
		(await api.pool.query(`SELECT FROM immich_auth_jobs.job WHERE state IN ('created', 'retry', 'active')`)).rowCount;
	await expect.poll(countJobs).toBe(0);
	const block = new AuditBlock(api);
	await block.prepare();
	await block.tryInVain('user.remove', remove);
	expect(await isThere(file)).toBe(true);
	expect((await remove()).status).toBe(200);
	expect([await isThere(file), await isThere(otherFile)]).toEqual([false, true]);
	expect(await api.prisma.asset.count({ where: { ownerId: user.id } })).toBe(0);
});
