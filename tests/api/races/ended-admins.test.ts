import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { hashSecret } from '#lib/server/platform/caller/access-tokens.ts';
import { useApi } from '#tests/support/api.ts';
import { Batches } from '#tests/support/batches.ts';
import { whileItWaits, type Lock } from '#tests/support/held.ts';
import { startMailServer } from '#tests/support/mail.ts';
import { unknownId } from '#tests/support/operations.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const api = useApi({ env: { IMMICH_AUTH_LICENSE_PUBLIC_KEYS: pem } });
const licenseKey = 'IMSV-aB12-cD34-eF56-gH78-iJ90-kL12-mN34-oP56';
const license = { licenseKey, activationKey: createSign('sha256').update(licenseKey).sign(privateKey, 'base64') };
type Call = readonly [method: string, path: string, body?: object];

const batchRow = (id: string): Lock => ['SELECT 1 FROM immich_auth.user_batch WHERE "id" = $1 FOR UPDATE', [id]];
const batchItems = (id: string): Lock => [
	'SELECT 1 FROM immich_auth.user_batch_item WHERE "batchId" = $1 FOR UPDATE',
	[id]
];
/** The auth hook has the session cached; the check inside the transaction reads the table. */
const sessionTable: Lock = ['LOCK TABLE "session" IN ACCESS EXCLUSIVE MODE', []];

const endings = {
	demoted: ({ user }: { user: { id: string } }) =>
		api.prisma.user.update({ where: { id: user.id }, data: { isAdmin: false } }),
	'signed out': ({ token }: { token: string }) => api.prisma.session.deleteMany({ where: { token: hashSecret(token) } })
};
const statusByCause = { demoted: 403, 'signed out': 401 };

describe.each(['demoted', 'signed out'] as const)('an admin who is %s while the request waits', (how) => {
	it('changes no settings, however long the mail server takes', async () => {
		await api.accounts.makeAdmin();
		const admin = await api.accounts.signInAdmin();
		const waiting: (() => void)[] = [];
		const mail = await startMailServer({
			authOptional: true,
			disabledCommands: ['STARTTLS'],
			onConnect: (_, done) => waiting.push(() => done())
		});
		const { smtp } = systemConfigDefaults.notifications;
		const transport = { ...smtp.transport, host: '127.0.0.1', port: mail.port };
		const body = { ...systemConfigDefaults, notifications: { smtp: { ...smtp, enabled: true, transport } } };
		const saving = api.request('PUT', '/api/admin/config', { token: admin.token, body });
		await expect.poll(() => waiting.length, { timeout: 20_000 }).toBe(1);
		await endings[how](admin);
		for (const answer of waiting) answer();
		expect((await saving).status).toBe(statusByCause[how]);
		await mail.close();
		const { token } = await api.accounts.signInAdmin();
		expect((await api.request('GET', '/api/admin/config', { token })).body).toEqual(systemConfigDefaults);
	});

	it('starts and discards no bulk action and fetches no passwords', async () => {
		await api.accounts.makeAdmin();
		const { id: userId } = await api.accounts.makeUser();
		for (const what of ['start', 'discard', 'passwords'] as const) {
			const admin = await api.accounts.signInAdmin();
			const batches = new Batches(api, admin.token);
			const draft = await batches.draft({ kind: 'resetPassword', ids: [userId] });
			const downloadKey = what === 'passwords' ? await batches.start(draft.id) : null;
			if (downloadKey !== null) await batches.finish(draft.id);
			const before = await batches.get(draft.id);
			const reply = await whileItWaits(
				api,
				what === 'passwords' ? batchItems(draft.id) : batchRow(draft.id),
				() =>
					what === 'discard'
						? batches.call('DELETE', `/${draft.id}`)
						: batches.call('POST', `/${draft.id}/${what}`, { ...(downloadKey !== null && { downloadKey }) }),
				() => endings[how](admin)
			);
			expect([what, reply.status]).toEqual([what, statusByCause[how]]);
			const other = new Batches(api, (await api.accounts.signInAdmin()).token);
			expect(await other.get(draft.id)).toEqual(before);
		}
	});
});

describe('an admin who is demoted after the auth hook admitted the request', () => {
	const calls: [string, (id: string) => Call][] = [
		['drafts no batch', (id) => ['POST', '/admin/user-batches', { kind: 'requireChange', ids: [id] }]],
		['drafts no import', () => ['POST', '/admin/user-batches/import', { csv: 'email,name\na@example.test,A\n' }]],
		['sends no notification', (userId) => ['POST', '/admin/notifications', { userId, title: 'Hello' }]],
		['forgives no wrong passwords', (id) => ['DELETE', `/admin/users/${id}/sign-in-attempts`]],
		[
			'changes no preferences of others',
			(id) => ['PUT', `/admin/users/${id}/preferences`, { tags: { enabled: true } }]
		],
		['marks no introduction as seen', () => ['POST', '/system-metadata/admin-onboarding', { isOnboarded: true }]],
		['dismisses no first steps', () => ['PUT', '/admin/first-steps', { isDismissed: true, isBackupPlanned: true }]],
		[
			'creates no user',
			() => ['POST', '/admin/users', { email: 'new@example.test', name: 'New', password: 'a password for them' }]
		],
		['ends no session', (id) => ['DELETE', `/admin/users/${id}/sessions/${unknownId}`]],
		['ends no sessions of everyone', () => ['DELETE', '/admin/sessions']],
		['ends no chosen sessions', () => ['POST', '/admin/sessions/end', { ids: [unknownId] }]],
		['ends no API key', (id) => ['DELETE', `/admin/users/${id}/api-keys/${unknownId}`]],
		['unlinks no one', () => ['POST', '/admin/auth/unlink-all']],
		['sets no license', () => ['PUT', '/server/license', license]],
		['removes no license', () => ['DELETE', '/server/license']],
		['pauses no queue', () => ['PUT', '/queues/thumbnailGeneration', { isPaused: true }]],
		['retries no jobs', () => ['POST', '/queues/backgroundTask/retry']],
		['empties no queue', () => ['DELETE', '/queues/backgroundTask/jobs', {}]],
		['begins no maintenance', () => ['POST', '/admin/maintenance', { action: 'start' }]],
		['starts no job', () => ['POST', '/jobs', { name: 'user-cleanup' }]]
	];

	it.each(calls)('%s', async (_, buildCall) => {
		await api.accounts.makeAdmin();
		const admin = await api.accounts.signInAdmin();
		const { id } = await api.accounts.makeUser();
		expect((await api.request('GET', '/api/users/me', { token: admin.token })).status).toBe(200);
		const [method, path, body] = buildCall(id);
		const reply = await whileItWaits(
			api,
			sessionTable,
			() => api.request(method, `/api${path}`, { token: admin.token, ...(body && { body }) }),
			() => endings.demoted(admin)
		);
		expect(reply.status, reply.text).toBe(403);
	});
});
