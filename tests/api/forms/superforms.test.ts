import { beforeAll, describe, expect, it } from 'vitest';
import { cookieOf, useApi } from '#tests/support/api.ts';
import { reviewedForms } from '#tests/support/access-table.ts';
import { unknownId } from '#tests/support/rows.ts';

const api = useApi();
let cookie = '';
beforeAll(async () => {
	const { token } = await api.accounts.signInAdmin();
	cookie = cookieOf(token);
});

const forms = reviewedForms
	.map(({ entrance }) => entrance)
	.map((entrance) =>
		entrance
			.replace(/\/\([^)]*\)/g, '')
			.replace(/\[[^\]]*\]/g, unknownId)
			.replace('?/default', '')
	);

const garbage = {
	circular: '[[0]]',
	'circular by name': '[{"a":1},[1]]',
	'a circular reference in a set': '[["Set",0]]',
	'no JSON': '{"a',
	'a number': '5',
	null: 'null',
	'an object': '[{"email":1,"password":2},"a@example.test","password"]',
	'a prototype': '[{"__proto__":1},{}]',
	empty: ''
};

describe.each(Object.entries(garbage))('superforms data that is %s', (_, text) => {
	it('returns 400 in every form', async () => {
		const statuses: [string, number][] = [];
		for (const path of forms) {
			const reply = await api.submit(path, { __superform_json: text }, cookie);
			// During setup and maintenance some pages redirect or are missing; the point is that nothing fails.
			if (![303, 403, 404, 503].includes(reply.status)) statuses.push([path, reply.status]);
		}
		expect(statuses.filter(([, status]) => status !== 400)).toEqual([]);
		expect(statuses.length).toBeGreaterThan(20);
	});
});

it('the sign-in form reports unreadable data', async () => {
	const reply = await api.submit('/auth/login', { __superform_json: '[[0]]', email: 'a@example.test', password: 'b' });
	expect(reply.status).toBe(400);
	expect(reply.text).toContain('The form could not be read');
});
