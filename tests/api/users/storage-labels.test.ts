import { beforeAll, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
let token = '';
let made = 0;

beforeAll(async () => {
	token = (await api.accounts.signInAdmin()).token;
});

const create = (storageLabel: string | null) => {
	made += 1;
	const body = { email: `label-${made}@example.test`, name: 'L', password: 'another horse battery', storageLabel };
	return api.request('POST', '/api/admin/users', { token, body });
};
const taken = [400, message('Storage label already in use by another account')];

it.each([
	['anna', 'Anna'],
	['BOB', 'bob'],
	['ÄRGER', 'ärger'],
	['Zoë', 'ZOE\u0308']
])('treats %j and %j as the same folder', async (first, second) => {
	expect((await create(first)).status).toBe(201);
	const refused = await create(second);
	expect([refused.status, refused.body]).toEqual(taken);
	const other = (await create(null)).body as { id: string };
	const update = await api.request('PUT', `/api/admin/users/${other.id}`, { token, body: { storageLabel: second } });
	expect([update.status, update.body]).toEqual(taken);
});

it('lets a user keep or respell their own label, and a deleted user keeps theirs reserved', async () => {
	const { id } = (await create('Carla')).body as { id: string };
	const put = async (storageLabel: string) =>
		(await api.request('PUT', `/api/admin/users/${id}`, { token, body: { storageLabel } })).status;
	expect([await put('Carla'), await put('carla'), await put('CARLA')]).toEqual([200, 200, 200]);
	expect((await api.request('DELETE', `/api/admin/users/${id}`, { token, body: {} })).status).toBe(200);
	expect((await create('carla')).status).toBe(400);
});

it('gives a label to one of many concurrent requests', async () => {
	const statuses = (await Promise.all(['dora', 'Dora', 'DORA', 'dOra'].map(create))).map(({ status }) => status);
	expect(statuses.toSorted()).toEqual([201, 400, 400, 400]);
});

it('reports taken and repeated labels in an import', async () => {
	await create('Emil');
	const csv = 'name,email,label\nE,e1@example.test,emil\nF,f1@example.test,Frida\nF,f2@example.test,frida\n';
	const reply = await api.request('POST', '/api/admin/user-batches/import', { token, body: { csv } });
	expect(reply.status).toBe(201);
	const { id } = reply.body as { id: string };
	const rows = await api.prisma.userBatchItem.findMany({ where: { batchId: id }, orderBy: { position: 'asc' } });
	expect(rows.map(({ reason }) => reason)).toEqual([
		'The storage label is in use',
		null,
		'The storage label stands in line 3 too'
	]);
});
