import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { operationByEntryPoint, operations } from '#lib/contract/index.ts';
import type { Access, Operation } from '#lib/contract/operation.ts';
import { findPageRule, type PageRule } from '#lib/contract/pages.ts';
import { accessTable, reviewedForms, reviewedPages, type ReviewedAccess } from '#tests/support/access-table.ts';
import { filesIn } from '#tests/support/source-files.ts';

type Rule = Pick<Operation | PageRule, 'access' | 'whileMustChange' | 'maintenance'>;

function describeRule(entrance: string, operation: string, { access, ...flags }: Rule): ReviewedAccess {
	return {
		entrance,
		operation,
		who: 'public' in access ? 'anyone' : access.admin ? 'admin' : 'user',
		permission: operation === '-' ? '-' : getPermission(access),
		whilePasswordChangeRequired: flags.whileMustChange ?? false,
		duringMaintenance: flags.maintenance ?? false,
		unlocked: 'elevated' in access
	};
}

const getPermission = (access: Access) => ('public' in access ? '-' : (access.permission ?? 'all'));

const routes = [
	...new Set(
		filesIn('src/routes', /\/\+page(\.server)?\.(svelte|ts)$/).map(
			(file) => path.posix.dirname(file).slice('src/routes'.length) || '/'
		)
	)
];

const pagesInForce = routes.map((route) => {
	const rule = findPageRule(route);
	if (!rule) throw new Error(`No rule for the page ${route}`);
	return describeRule(`page ${route}`, '-', rule);
});
const entrancesInForce = [...operationByEntryPoint].map(([entrance, id]) => describeRule(entrance, id, operations[id]));
const inForce = new Map([...entrancesInForce, ...pagesInForce].map((row) => [row.entrance, row]));

describe('the reviewed access table', () => {
	it('lists every operation, form and page exactly once', () => {
		expect(accessTable.map(({ entrance }) => entrance).sort()).toEqual([...inForce.keys()].sort());
	});

	it.each(accessTable)('$entrance: $who, key needs $permission', (reviewed) => {
		expect(inForce.get(reviewed.entrance)).toEqual(reviewed);
	});

	it('denies every admin form and page to other users, and the page that Kit loads after the form', () => {
		for (const { entrance, route, who } of [...reviewedForms, ...reviewedPages])
			if (route.startsWith('/(console)/admin')) expect(who, entrance).toBe('admin');
	});

	it('opens nothing under /api/admin to users who are not admins', () => {
		const open = accessTable.filter(({ entrance, who }) => /^\S+ \/api\/admin\//.test(entrance) && who !== 'admin');
		expect(open.map(({ entrance }) => entrance)).toEqual([
			'POST /api/admin/maintenance/login',
			'GET /api/admin/maintenance/status'
		]);
	});

	it('only allows changing the password while a password change is required', () => {
		const open = accessTable.filter((row) => row.who !== 'anyone' && row.whilePasswordChangeRequired);
		expect(open.map(({ entrance }) => entrance)).toEqual([
			'POST /api/auth/change-password',
			'POST /api/auth/logout',
			'GET /api/auth/status',
			'POST /api/auth/validateToken',
			'GET /api/users/me',
			'PATCH /api/users/me',
			'PUT /api/users/me',
			'GET /api/users/me/onboarding',
			'GET /api/users/me/preferences',
			'/(console)/account/password?/default',
			'/(console)/account/profile?/save',
			'/auth/change-password?/default',
			'/auth/logout?/default',
			'page /auth/change-password',
			'page /auth/logout'
		]);
	});
});
