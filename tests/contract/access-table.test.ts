import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { operationByEntryPoint, operations } from '#lib/contract/index.ts';
import type { Access, Operation } from '#lib/contract/operation.ts';
import { findPageRule, type PageRule } from '#lib/contract/pages.ts';
import {
	accessFiles,
	accessTable,
	reviewedForms,
	reviewedPages,
	type ReviewedAccess
} from '#tests/support/access-table.ts';
import { filesIn, readSource } from '#tests/support/source-files.ts';

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

/** The IDs of the operations that a folder of the contract declares. */
const listDeclared = (folder: string) =>
	filesIn(folder, /\.ts$/).flatMap((file) =>
		[...readSource(file).matchAll(/^\t(\w+): \{\n\t\tsummary: /gm)].map(([, id = '']) => id)
	);

const accessFile = (folder: string) => `tests/contract/access/${folder}.tsv`;
const contractFolders = readdirSync('src/lib/contract', { withFileTypes: true })
	.filter((entry) => entry.isDirectory())
	.map(({ name }) => name);

describe('the reviewed access table', () => {
	it('lists every operation, form and page exactly once', () => {
		expect(accessTable.map(({ entrance }) => entrance).sort()).toEqual([...inForce.keys()].sort());
	});

	it.each(accessTable)('$entrance: $who, key needs $permission', (reviewed) => {
		expect(inForce.get(reviewed.entrance)).toEqual(reviewed);
	});

	it('has each feature’s operations in the file of that feature', () => {
		const reviewed = [...accessFiles].flatMap(([file, rows]) => rows.map(({ operation }) => `${operation} in ${file}`));
		const declared = contractFolders.flatMap((folder) =>
			listDeclared(`src/lib/contract/${folder}`).map((id) => `${id} in ${accessFile(folder)}`)
		);
		expect(new Set(reviewed.filter((row) => !row.startsWith('- ')))).toEqual(new Set(declared));
	});

	it('has no file of another name', () => {
		const files = contractFolders.map(accessFile);
		expect([...accessFiles.keys()].filter((file) => !files.includes(file))).toEqual([]);
	});

	it('denies every admin form and page to other users, and the page that Kit loads after the form', () => {
		for (const { entrance, route, who } of [...reviewedForms, ...reviewedPages])
			if (route.startsWith('/(console)/admin')) expect(who, entrance).toBe('admin');
	});

	it('opens nothing under /api/admin to users who are not admins', () => {
		const open = accessTable.filter(({ entrance, who }) => /^\S+ \/api\/admin\//.test(entrance) && who !== 'admin');
		expect(open.map(({ entrance }) => entrance).sort()).toEqual([
			'GET /api/admin/maintenance/status',
			'POST /api/admin/maintenance/login'
		]);
	});

	it('only allows changing the password while a password change is required', () => {
		const open = accessTable.filter((row) => row.who !== 'anyone' && row.whilePasswordChangeRequired);
		expect(open.map(({ entrance }) => entrance).sort()).toEqual([
			'/(console)/account/password?/default',
			'/(console)/account/profile?/save',
			'/auth/change-password?/default',
			'/auth/logout?/default',
			'GET /api/auth/status',
			'GET /api/users/me',
			'GET /api/users/me/onboarding',
			'GET /api/users/me/preferences',
			'PATCH /api/users/me',
			'POST /api/auth/change-password',
			'POST /api/auth/logout',
			'POST /api/auth/validateToken',
			'PUT /api/users/me',
			'page /auth/change-password',
			'page /auth/logout'
		]);
	});
});
