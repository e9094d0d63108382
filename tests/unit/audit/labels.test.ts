import { describe, expect, it } from 'vitest';
import { auditActions, recordedFields, type AuditEvent } from '#lib/contract/audit/audit.ts';
import { actionTitles, buildSentence } from '#lib/console/audit/labels.ts';
import { shownChanges } from '#lib/console/audit/change-labels.ts';

const ada = { id: '1', name: 'Ada', email: 'ada@example.test' };
const bob = { id: '2', name: 'Bob', email: 'bob@example.test' };

const buildEvent = (fields: Partial<AuditEvent>): AuditEvent => ({
	id: 1,
	at: '2026-07-21T10:00:00.000Z',
	action: 'user.update',
	outcome: 'done',
	reason: null,
	actor: ada,
	subject: bob,
	object: null,
	credential: null,
	address: null,
	client: null,
	correlationId: null,
	batchId: null,
	changes: null,
	...fields
});

const read = (fields: Partial<AuditEvent>) =>
	buildSentence(buildEvent(fields))
		.map((piece) => (typeof piece === 'string' ? piece : piece.name))
		.join('');

describe('buildSentence', () => {
	it.each<[string, Partial<AuditEvent>]>([
		['Ada reset the password of Bob', { action: 'user.resetPassword' }],
		['Ada reset their own password', { action: 'user.resetPassword', subject: ada }],
		['Bob signed in', { action: 'auth.signIn', actor: bob }],
		['Sign-in failed for Bob', { action: 'auth.signIn', actor: null, outcome: 'refused' }],
		['Sign-in failed for an unknown user', { action: 'auth.signIn', actor: null, subject: null, outcome: 'refused' }],
		['The server required Bob to change their password', { action: 'user.requireChange', actor: null }],
		[
			'Ada created the API key ‘CLI’',
			{ action: 'apiKey.create', subject: ada, object: { kind: 'apiKey', id: '3', label: 'CLI' } }
		],
		[
			'Ada started a bulk action: passwords reset',
			{ action: 'batch.start', subject: null, object: { kind: 'batch', id: '4', label: 'resetPassword' } }
		],
		['Ada: something.new', { action: 'something.new' }],
		[
			'{subject} changed their own profile',
			{ action: 'profile.update', actor: { ...ada, name: '{subject}' }, subject: ada }
		]
	])('returns ‘%s’', (sentence, fields) => {
		expect(read(fields)).toBe(sentence);
	});

	it.each(auditActions)('%s has a sentence for another user, the caller and no user', (action) => {
		for (const fields of [{}, { subject: ada }, { actor: null, subject: null }, { outcome: 'refused' } as const]) {
			expect(read({ action, ...fields })).not.toMatch(/[{}]|undefined/);
			expect(read({ action, ...fields }).length).toBeGreaterThan(8);
		}
	});

	it('action titles are unique', () => {
		const titles = actionTitles.map(({ label }) => label);
		expect(new Set(titles).size).toBe(titles.length);
	});
});

describe('shownChanges', () => {
	it.each<[AuditEvent['changes'], unknown]>([
		[{ name: { from: 'Bob', to: 'Rob' } }, { title: 'Name', from: 'Bob', to: 'Rob' }],
		[{ isAdmin: { from: false, to: true } }, { title: 'Administrator', from: 'no', to: 'yes' }],
		[{ quotaSizeInBytes: { from: 2 ** 30, to: null } }, { title: 'Storage quota', from: '1 GiB', to: 'no limit' }],
		[{ storageLabel: { from: null, to: 'bob' } }, { title: 'Storage label', from: 'none', to: 'bob' }],
		[{ sessionsEnded: { from: null, to: 3 } }, { title: 'Devices signed out', from: null, to: '3' }],
		[
			{ permissions: { from: ['a', 'b'], to: ['b', 'c'] } },
			{ title: 'Permissions', from: null, to: 'added c; removed a' }
		],
		[
			{ 'preferences.emailNotifications.albumInvite': { from: true, to: false } },
			{ title: 'Email notifications: album invite', from: 'yes', to: 'no' }
		]
	])('formats %j', (changes, shown) => {
		expect(shownChanges(buildEvent({ changes }))).toEqual([shown]);
	});

	it('has a title for every recorded field', () => {
		for (const field of recordedFields) {
			const [shown] = shownChanges(buildEvent({ changes: { [field]: { from: null, to: 1 } } }));
			expect(shown?.title).toMatch(/^[A-Z]+[ a-z-]/);
		}
	});
});
