import { expect, it } from 'vitest';
import { z } from 'zod';
import { useApi } from '#tests/support/api.ts';
import { AuditBlock } from '#tests/support/audit-block.ts';
import { Sharing } from '#tests/support/sharing.ts';

const api = useApi({ isOwn: true });

it('no link changes, and no sharing ends, without its audit event', async () => {
	const block = new AuditBlock(api);
	await block.prepare();
	const { user, token } = await api.accounts.signIn();
	const sharing = new Sharing(api.prisma);
	const albumId = await sharing.makeAlbum([[user.id, 'owner']]);
	const call = (method: string, path: string, body?: object) => () =>
		api.request(method, `/api/shared-links${path}`, { token, ...(body && { body }) });
	const create = call('POST', '', { type: 'ALBUM', albumId });
	await block.tryInVain('sharedLink.create', create);
	const { id } = z.object({ id: z.string() }).parse((await create()).body);
	await block.tryInVain('sharedLink.update', call('PATCH', `/${id}`, { allowUpload: false }));
	await block.tryInVain('sharedLink.delete', call('DELETE', `/${id}`));
	const admin = await api.accounts.signInAdmin();
	const friend = await sharing.makeUser();
	await sharing.makePartner(user.id, friend);
	await api.prisma.albumUser.create({ data: { albumId, userId: friend, role: 'viewer' } });
	const end = (path: string) => () => api.request('DELETE', `/api/admin/users/${path}`, { token: admin.token });
	await block.tryInVain('sharing.removeMember', end(`${friend}/sharing/albums/${albumId}`));
	await block.tryInVain('sharing.endPartner', end(`${user.id}/sharing/partners/${friend}`));
	expect(await api.prisma.sharedLink.count({ where: { id } })).toBe(1);
});
