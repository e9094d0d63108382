import { beforeEach, describe, expect, it } from 'vitest';
import { listSettingsGroups } from '#lib/contract/settings/groups/index.ts';
import { credentialsInUrl } from '#lib/contract/settings/document/fields.ts';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { systemConfigDefaults, type SystemConfig } from '#lib/contract/settings/document/index.ts';
import { notAvailable } from '#lib/contract/settings/document/not-available.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { fillIn, openPage } from '#tests/support/forms.ts';
import { findForms, type HtmlForm } from '#tests/support/html-form.ts';
import { storedSettings } from '#tests/support/vault.ts';

const api = useApi();
const storedNow = async () => (await storedSettings(api.prisma)).system ?? {};
const eventCount = () => api.prisma.auditEvent.count({ where: { action: 'settings.update' } });

let token = '';
beforeEach(async () => {
	({ token } = await api.accounts.signInAdmin());
	await put(systemConfigDefaults);
});

const put = (body: unknown) => api.request('PUT', '/api/admin/config', { token, body });
const getPage = (group: string) => `/admin/settings/${group}`;

/** Presses a button of a settings form on a page, as a browser without scripts does. */
async function press(html: string, group: string, action: string, changes: Record<string, string | null> = {}) {
	const form = formIn(html);
	const filled = Object.entries<string | null>({ ...form.fields, ...changes }).filter(
		(entry): entry is [string, string] => entry[1] !== null
	);
	return api.submit(`${getPage(group)}?/${action}`, Object.fromEntries(filled), buildCookie(token));
}

function formIn(html: string): HtmlForm {
	const [form] = findForms(html).filter(({ names }) => names.includes('base'));
	if (!form) throw new Error('No form of settings');
	return form;
}

const open = (group: string) => openPage(api, getPage(group), token);
const review = async (group: string, changes: Record<string, string | null>) =>
	press(await open(group), group, 'review', changes);

describe('every group', () => {
	it.each(listSettingsGroups(immichAuthConfigDefaults).map(({ id }) => id))(
		'%s saved unchanged changes nothing',
		async (group) => {
			const css = '\n a { }\r\nb { } ';
			await put({
				...systemConfigDefaults,
				oauth: { ...systemConfigDefaults.oauth, clientSecret: 'kept', prompt: ' blanks ' },
				theme: { customCss: css },
				server: { ...systemConfigDefaults.server, loginPageMessage: 'two\r\nlines' }
			});
			const [before, count] = [await storedNow(), await eventCount()];
			const html = await open(group);
			expect((await press(html, group, 'review')).text).toContain('Nothing is changed');
			const reply = await press(html, group, 'save');
			expect([reply.status, reply.headers.location]).toEqual([303, getPage(group)]);
			expect([await storedNow(), await eventCount()]).toEqual([before, count]);
		}
	);

	it('returns 404 for an unknown group', async () => {
		const sent = { cookie: buildCookie(token), headers: { accept: 'text/html' } };
		expect((await api.request('GET', getPage('nothing'), sent)).status).toBe(404);
		expect(
			(await api.submit(`${getPage('nothing')}?/save`, { version: '', base: '' }, buildCookie(token))).status
		).toBe(404);
	});

	it('is for admins only and reveals nothing to others', async () => {
		const person = await api.accounts.signIn();
		for (const action of ['review', 'save']) {
			const form = { version: '', base: '', deleteDelay: '3' };
			const reply = await api.submit(`${getPage('user')}?/${action}`, form, buildCookie(person.token));
			expect(reply.status).toBe(403);
			expect(reply.text).not.toContain('Grace period');
		}
		expect((await api.submit(`${getPage('user')}?/save`, {})).status).toBe(303);
		expect(await storedNow()).toEqual({});
	});
});

describe('saving without scripts', () => {
	it('shows the old and new values first without saving', async () => {
		const reply = await review('user', { deleteDelay: '14' });
		expect(reply.status).toBe(200);
		expect(reply.text).toContain('What saving changes');
		expect(await storedNow()).toEqual({});
		const saved = await press(reply.text, 'user', 'save');
		expect(saved.status).toBe(303);
		expect(await storedNow()).toEqual({ user: { deleteDelay: 14 } });
	});

	it('disables, accepts numbers with spaces, and accepts an empty number if allowed', async () => {
		await fillIn(api, getPage('trash'), token, { by: { field: 'base' }, changes: { enabled: null, days: ' 5 ' } });
		expect(await storedNow()).toEqual({});
		const html = await open('trash');
		await press(html, 'trash', 'save', { enabled: null, days: ' 5 ' });
		expect(await storedNow()).toEqual({ trash: { enabled: false, days: 5 } });
		await press(await open('oauth'), 'oauth', 'save', { defaultStorageQuota: '10' });
		expect(await storedNow()).toMatchObject({ oauth: { defaultStorageQuota: 10 } });
		await press(await open('oauth'), 'oauth', 'save', { defaultStorageQuota: '' });
		expect(await storedNow()).toEqual({ trash: { enabled: false, days: 5 } });
	});

	it.each([
		['user', { deleteDelay: '0' }, 'Use 1 or more.'],
		['user', { deleteDelay: 'x' }, 'Enter a number.'],
		['user', { deleteDelay: '' }, 'Enter a number.'],
		['user', { deleteDelay: '1.5' }, 'Use a whole number.'],
		['notifications', { 'smtp.transport.port': '70000' }, 'Use 65535 or less.'],
		['backup', { 'database.cronExpression': '* *' }, 'This is not a cron expression: Too few fields.'],
		['nightlyTasks', { startTime: '9' }, 'Write it as hours and minutes, such as 03:30.'],
		['logging', { level: 'loud' }, 'Choose one from the list.'],
		['security', { 'passwords.temporaryLifetimeDays': '366' }, 'Use 365 or less.'],
		['oauth', { issuerUrl: 'nonsense' }, 'Issuer URL must be an empty string or a valid URL'],
		['map', { json: '{' }, 'This is no JSON object'],
		['map', { json: '[]' }, 'This is no JSON object'],
		['map', { json: '{"x":{"y":1}}' }, 'There is no setting ‘x.y’.'],
		['map', { json: '{"enabled":true}' }, 'lightStyle: Invalid input']
	])('returns 400 for %s %j and keeps what was typed', async (group, changes, text) => {
		const reply = await review(group, changes);
		expect(reply.status).toBe(400);
		expect(reply.text).toContain(text);
		for (const [name, typed] of Object.entries(changes))
			if (typed !== 'loud') expect(formIn(reply.text).fields[name]).toBe(typed);
	});

	it('edits settings that are only stored as JSON', async () => {
		const { json = '' } = formIn(await open('map')).fields;
		const reply = await press(await open('map'), 'map', 'save', {
			json: json.replace('"enabled": true', '"enabled": false')
		});
		expect(reply.status).toBe(303);
		expect(await storedNow()).toEqual({ map: { enabled: false } });
	});

	it('resets one field to its default', async () => {
		await put({ ...systemConfigDefaults, trash: { enabled: false, days: 5 } });
		const shown = await review('trash', { toDefault: 'days' });
		expect(formIn(shown.text).fields['days']).toBe('30');
		await press(shown.text, 'trash', 'save');
		expect(await storedNow()).toEqual({ trash: { enabled: false } });
		await press((await review('trash', { toDefault: 'enabled' })).text, 'trash', 'save');
		expect(await storedNow()).toEqual({});
	});
});

describe('a secret', () => {
	const name = 'smtp.transport.password';
	const storedSecret = async () => JSON.stringify(await storedNow());

	it('is encrypted in the review, kept if nothing is typed, and removed by its checkbox', async () => {
		const shown = await review('notifications', { [name]: 'typed-secret', 'smtp.from': 'me@example.test' });
		expect(shown.text).not.toContain('typed-secret');
		expect(shown.text).toContain('a new one');
		await press(shown.text, 'notifications', 'save');
		expect(await storedSecret()).toContain('typed-secret');
		expect(await open('notifications')).not.toContain('typed-secret');
		await press(await open('notifications'), 'notifications', 'save', { 'smtp.from': '' });
		expect(await storedNow()).toEqual({ notifications: { smtp: { transport: { password: 'typed-secret' } } } });
		await press(await open('notifications'), 'notifications', 'save', { [`${name}.remove`]: 'on' });
		expect(await storedNow()).toEqual({});
	});

	it('that was not encrypted here is ignored', async () => {
		await press(await open('notifications'), 'notifications', 'save', { [`${name}.sealed`]: 'forged' });
		expect(await storedNow()).toEqual({});
	});
});

describe('when another admin has saved first', () => {
	it('a setting changed by only one of them keeps that change', async () => {
		const html = await open('trash');
		await put({ ...systemConfigDefaults, trash: { enabled: false, days: 30 } });
		expect((await press(html, 'trash', 'save', { days: '5' })).status).toBe(303);
		expect(await storedNow()).toEqual({ trash: { enabled: false, days: 5 } });
	});

	it.each([
		['theirs', 9],
		['yours', 5]
	])('both values are shown if both changed the same setting: %s', async (choice, days) => {
		const html = await open('trash');
		await put({ ...systemConfigDefaults, trash: { enabled: true, days: 9 } });
		const shown = await press(html, 'trash', 'save', { days: '5', 'choice.days': 'yours' });
		expect(shown.status).toBe(200);
		expect(shown.text).toContain('Someone else saved changes');
		expect(await storedNow()).toEqual({ trash: { days: 9 } });
		const undecided = await press(shown.text, 'trash', 'save', { 'choice.days': null });
		expect(undecided.text).toContain('Someone else saved changes');
		expect((await press(shown.text, 'trash', 'save', { 'choice.days': choice })).status).toBe(303);
		expect(await storedNow()).toEqual({ trash: { days } });
	});

	it('the choice is shown again after another save', async () => {
		const html = await open('trash');
		await put({ ...systemConfigDefaults, trash: { enabled: true, days: 9 } });
		const shown = await press(html, 'trash', 'save', { days: '5' });
		await put({ ...systemConfigDefaults, trash: { enabled: true, days: 11 } });
		const again = await press(shown.text, 'trash', 'save', { 'choice.days': 'yours' });
		expect(again.text).toContain('Someone else saved changes');
		expect(await storedNow()).toEqual({ trash: { days: 11 } });
	});

	it('a secret can be chosen as well, without being shown', async () => {
		const html = await open('oauth');
		const oauth: SystemConfig['oauth'] = { ...systemConfigDefaults.oauth, clientSecret: 'theirs' };
		await put({ ...systemConfigDefaults, oauth });
		const shown = await press(html, 'oauth', 'save', { clientSecret: 'yours' });
		expect(shown.text).toContain('Someone else saved changes');
		await press(shown.text, 'oauth', 'save', { 'choice.clientSecret': 'theirs' });
		expect(await storedNow()).toEqual({ oauth: { clientSecret: 'theirs' } });
	});
});

describe('finding a setting', () => {
	it('works by words of its title or description and marks changed settings', async () => {
		await put({ ...systemConfigDefaults, user: { deleteDelay: 8 } });
		const found = await openPage(api, '/admin/settings?q=grace+period', token);
		expect(found).toContain('href="/admin/settings/user#deleteDelay"');
		expect(found).toContain('2 settings<');
		expect(await openPage(api, '/admin/settings?q=nothing+like+it', token)).toContain('No matching settings');
		expect(await openPage(api, '/admin/settings', token)).toContain('1 changed');
	});
});

describe('what this server does not do', () => {
	it.each(listSettingsGroups(immichAuthConfigDefaults).map(({ id }) => id))(
		'is stated on the page of %s',
		async (id) => {
			const html = await open(id);
			for (const [group, said] of Object.entries(notAvailable))
				expect(html.includes(said?.text ?? ''), group).toBe(said?.text === notAvailable[id]?.text);
		}
	);
});

describe('an address with a username or password', () => {
	it.each([
		['server', 'externalDomain'],
		['oauth', 'issuerUrl'],
		['oauth', 'endSessionEndpoint'],
		['oauth', 'accountManagementUrl']
	] as const)('returns 400 at the field and in the API: %s.%s', async (group, name) => {
		for (const address of ['https://ann@photos.example', 'https://ann:secret@photos.example/a']) {
			const body = { ...systemConfigDefaults, [group]: { ...systemConfigDefaults[group], [name]: address } };
			const reply = await put(body);
			expect([reply.status, reply.text]).toEqual([400, expect.stringContaining(credentialsInUrl)]);
			const shown = await review(group, { [name]: address });
			expect([shown.status, shown.text]).toEqual([400, expect.stringContaining(credentialsInUrl)]);
		}
		expect(await storedNow()).toEqual({});
	});

	it('returns 400 for a map style, which is edited as JSON', async () => {
		const lightStyle = 'https://ann:secret@tiles.example/style.json';
		const map = { ...systemConfigDefaults.map, lightStyle };
		expect((await put({ ...systemConfigDefaults, map })).text).toContain(credentialsInUrl);
		expect((await review('map', { json: JSON.stringify(map) })).text).toContain(credentialsInUrl);
		expect(await storedNow()).toEqual({});
	});
});
