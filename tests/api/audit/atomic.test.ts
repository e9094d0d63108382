import { createSign, generateKeyPairSync } from 'node:crypto';
import { beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { auditActions, type AuditAction } from '#lib/contract/audit/audit.ts';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { useApi } from '#tests/support/api.ts';
import { AuditBlock } from '#tests/support/audit-block.ts';
import { Batches } from '#tests/support/batches.ts';
import { startMailServer } from '#tests/support/mail.ts';
import { createPicture } from '#tests/support/pictures.ts';
import { filesIn, readSource } from '#tests/support/source-files.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const api = useApi({
	env: { IMMICH_AUTH_LICENSE_PUBLIC_KEYS: publicKey.export({ type: 'spki', format: 'pem' }).toString() }
});
const block = new AuditBlock(api);

const Id = z.object({ id: z.string() });
const Login = z.object({ accessToken: z.string() });
const Reset = z.object({ password: z.string() });

/** Happen only in provider flows, and are tested there. */
const inFlows: readonly AuditAction[] = ['oauth.register', 'oauth.link', 'oauth.applyClaims', 'oauth.endSessions'];
/** Done on the server's command line only, and tested there. */
const onServer: readonly AuditAction[] = ['server.rotateKey', 'server.resetKey'];
/** Tried by the tests of their own feature. */
const elsewhere = filesIn('tests/api', /(?<!\/audit\/atomic)\.test\.ts$/).flatMap((file) =>
	[...readSource(file).matchAll(/\.tryInVain\(\s*'([\w.]+)'/g)].map(([, action = '']) => action)
);

beforeAll(() => block.prepare());

/** Tries an action twice: first failing because its audit event can't be written, then successfully. */
async function perform(action: AuditAction, send: () => Promise<{ status: number; body?: unknown; text?: unknown }>) {
	await block.tryInVain(action, send);
	const reply = await send();
	expect(reply.status, `${action}: ${String(reply.text)}`).toBeLessThan(300);
	return reply.body;
}

const call = (action: AuditAction, token: string | null, method: string, path: string, body?: unknown) =>
	perform(action, () =>
		api.request(method, `/api${path}`, { ...(token !== null && { token }), ...(body !== undefined && { body }) })
	);

it('rolls back every audited action if its audit event cannot be written', async () => {
	const ada = { email: 'ada@example.test', password: 'correct horse battery', name: 'Ada' };
	await call('auth.signUp', null, 'POST', '/auth/admin-sign-up', ada);
	const credentials = { email: ada.email, password: ada.password };
	const { accessToken: token } = Login.parse(await call('auth.signIn', null, 'POST', '/auth/login', credentials));

	const bob = { email: 'bob@example.test', name: 'Bob', password: 'a password for Bob' };
	const { id } = Id.parse(await call('user.create', token, 'POST', '/admin/users', bob));
	const user = `/admin/users/${id}`;
	await call('notification.send', token, 'POST', '/admin/notifications', { userId: id, title: 'Hello' });
	await call('user.update', token, 'PUT', user, { name: 'Rob', quotaSizeInBytes: 1_000, isAdmin: true });
	await call('user.setPin', token, 'PUT', user, { pinCode: '192837' });
	await call('user.clearPin', token, 'PUT', user, { pinCode: null });
	await call('user.setPassword', token, 'PUT', user, { password: 'set by an update' });
	await call('preferences.update', token, 'PUT', `${user}/preferences`, { tags: { enabled: true } });
	await call('user.requireChange', token, 'POST', `${user}/force-password-change`);
	await call('user.allowSignIn', token, 'DELETE', `${user}/sign-in-attempts`);
	const reset = await call('user.resetPassword', token, 'POST', `${user}/reset-password`, {});
	const { password } = Reset.parse(reset);

	const login = { email: bob.email, password };
	const { accessToken: rob } = Login.parse(await call('auth.signIn', null, 'POST', '/auth/login', login));
	const own = 'a password of my own';
	await call('password.change', rob, 'POST', '/auth/change-password', { password, newPassword: own });
	await call('profile.update', rob, 'PUT', '/users/me', { name: 'Robert' });
	await call('preferences.update', rob, 'PUT', '/users/me/preferences', { ratings: { enabled: true } });
	await call('pinCode.set', rob, 'POST', '/auth/pin-code', { pinCode: '564738' });
	await call('session.unlock', rob, 'POST', '/auth/session/unlock', { pinCode: '564738' });
	await call('session.lock', rob, 'POST', '/auth/session/lock');
	await call('pinCode.change', rob, 'PUT', '/auth/pin-code', { pinCode: '564738', newPinCode: '837465' });
	await call('pinCode.reset', rob, 'DELETE', '/auth/pin-code', { pinCode: '837465' });

	const child = Id.parse(await call('session.create', rob, 'POST', '/sessions', { duration: 60 }));
	await call('session.end', rob, 'DELETE', `/sessions/${child.id}`);
	await api.accounts.makeSession(id);
	await call('session.endOthers', rob, 'DELETE', '/sessions');
	const key = Id.parse(await call('apiKey.create', rob, 'POST', '/api-keys', { name: 'CLI', permissions: ['all'] }));
	await call('apiKey.update', rob, 'PUT', `/api-keys/${key.id}`, { name: 'Tool' });
	await call('apiKey.rotate', rob, 'POST', `/api-keys/${key.id}/rotate`);
	await call('apiKey.delete', rob, 'DELETE', `/api-keys/${key.id}`);

	const picture = new Uint8Array(await createPicture('png'));
	await perform('picture.set', async () => {
		const body = new FormData();
		body.set('file', new File([picture], 'me.png'));
		const headers = { authorization: `Bearer ${rob}` };
		const { status } = await fetch(`${api.url}/api/users/profile-image`, { method: 'POST', body, headers });
		return { status };
	});
	await call('picture.remove', rob, 'DELETE', '/users/profile-image');
	const licenseKey = 'IMCL-aB12-cD34-eF56-gH78-iJ90-kL12-mN34-oP56';
	const signed = (text: string) => createSign('sha256').update(text).sign(privateKey, 'base64');
	const license = { licenseKey, activationKey: signed(licenseKey) };
	await call('license.set', rob, 'PUT', '/users/me/license', license);
	await call('license.remove', rob, 'DELETE', '/users/me/license');
	const serverKey = licenseKey.replace('IMCL', 'IMSV');
	await call('license.set', token, 'PUT', '/server/license', {
		licenseKey: serverKey,
		activationKey: signed(serverKey)
	});
	await call('license.remove', token, 'DELETE', '/server/license');
	await call('auth.signOut', rob, 'POST', '/auth/logout');

	await call('server.onboarding', token, 'POST', '/system-metadata/admin-onboarding', { isOnboarded: true });
	const steps = { isDismissed: true, isBackupPlanned: true };
	await call('overview.firstSteps', token, 'PUT', '/admin/first-steps', steps);
	const Sessions = z.array(Id);
	await api.accounts.makeSession(id);
	const [session] = Sessions.parse((await api.request('GET', `/api${user}/sessions`, { token })).body);
	await call('session.end', token, 'DELETE', `${user}/sessions/${session?.id ?? ''}`);
	await api.accounts.makeSession(id);
	await call('session.endOthers', token, 'DELETE', `${user}/sessions`);
	await api.accounts.makeSession(id);
	await call('session.endChosen', token, 'POST', '/admin/sessions/end', { filter: { q: id } });
	await api.accounts.makeSession(id);
	await call('session.endAllUsers', token, 'DELETE', '/admin/sessions');
	await api.accounts.makeApiKey(id);
	const [found] = z
		.object({ keys: z.array(Id) })
		.parse((await api.request('GET', `/api${user}/api-keys`, { token })).body).keys;
	await call('apiKey.delete', token, 'DELETE', `${user}/api-keys/${found?.id ?? ''}`);
	await api.accounts.makeApiKey(id);
	await call('apiKey.deleteAll', token, 'DELETE', `${user}/api-keys`);
	await api.prisma.user.update({ where: { id }, data: { oauthId: 'subject-1' } });
	await call('oauth.unlink', token, 'DELETE', `${user}/oauth`);
	await api.prisma.user.update({ where: { id }, data: { oauthId: 'subject-2' } });
	await call('oauth.unlinkAll', token, 'POST', '/admin/auth/unlink-all');
	await call('user.delete', token, 'DELETE', user, {});
	await call('user.restore', token, 'POST', `${user}/restore`);

	const config = z
		.record(z.string(), z.unknown())
		.parse((await api.request('GET', '/api/admin/config', { token })).body);
	const server = { ...z.looseObject({}).parse(config['server']), loginPageMessage: 'Hello' };
	await call('settings.update', token, 'PUT', '/admin/config', { ...config, server });
	const mail = await startMailServer({ authOptional: true, disabledCommands: ['STARTTLS'] });
	const { smtp } = systemConfigDefaults.notifications;
	const transport = { ...smtp.transport, host: '127.0.0.1', port: mail.port };
	const notifications = { smtp: { ...smtp, enabled: true, transport } };
	await call('settings.try', token, 'PUT', '/admin/config', { ...config, server, notifications });
	await mail.close();
	await call('queue.pause', token, 'PUT', '/queues/library', { isPaused: true });
	await call('queue.resume', token, 'PUT', '/queues/library', { isPaused: false });
	await call('queue.empty', token, 'DELETE', '/queues/library/jobs', { failed: false });
	await call('queue.clearFailed', token, 'PUT', '/jobs/library', { command: 'clear-failed' });
	await api.pool.query(`SELECT immich_auth_jobs.create_queue('library', '{}')`);
	await api.pool.query(
		`INSERT INTO immich_auth_jobs.job ("name", "state", "data", "completed_on")
		VALUES ('library', 'failed', '{"name": "SessionCleanup", "data": {}}', now())`
	);
	await call('queue.retry', token, 'POST', '/queues/library/retry');

	const batches = new Batches(api, token);
	const discarded = await batches.draft({ kind: 'delete', ids: [id] });
	await call('batch.discard', token, 'DELETE', `/admin/user-batches/${discarded.id}`);
	const { id: batch } = await batches.draft({ kind: 'resetPassword', ids: [id] });
	const started = await call('batch.start', token, 'POST', `/admin/user-batches/${batch}/start`);
	const { downloadKey } = z.object({ downloadKey: z.string() }).parse(started);
	await batches.finish(batch);
	await call('batch.takePasswords', token, 'POST', `/admin/user-batches/${batch}/passwords`, { downloadKey });
	await call('user.remove', token, 'DELETE', user, { force: true });

	const plan = '/admin/maintenance/plan';
	await call('maintenance.announce', token, 'PUT', plan, { message: 'Disks', startsInMinutes: 30 });
	await call('maintenance.update', token, 'PUT', plan, { message: 'New disks', startsInMinutes: 60 });
	await call('maintenance.withdraw', token, 'DELETE', plan);
	// Always blocked: the job's own writes would interfere with the following steps.
	const startJob = () => api.request('POST', '/api/jobs', { token, body: { name: 'user-cleanup' } });
	await block.tryInVain('job.start', startJob);
	const start = () => api.request('POST', '/api/admin/maintenance', { token, body: { action: 'start' } });
	await block.tryInVain('maintenance.begin', start);
	const cookie = (await start()).cookies[0]?.split(';')[0] ?? '';
	const end = { cookie, body: { action: 'end' } };
	await perform('maintenance.end', () => api.request('POST', '/api/admin/maintenance', end));

	expect([...new Set([...block.actions, ...inFlows, ...onServer, ...elsewhere])].toSorted()).toEqual(
		[...auditActions].toSorted()
	);
}, 300_000);
