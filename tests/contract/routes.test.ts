import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { operationByEntryPoint, operations } from '#lib/contract/index.ts';
import { findPageRule, pages } from '#lib/contract/pages.ts';
import { filesIn, parseSource } from '#tests/support/source-files.ts';

const methods = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'fallback']);
const getRoute = (file: string) => path.posix.dirname(file).slice('src/routes'.length) || '/';

/** A handler declared in a route file. */
interface Handler {
	readonly entrance: string;
	/** The operation that it serves; null unless it is made by `endpoint` or `action`. */
	readonly operation: string | null;
}

/** Lists a file's exports by name. */
function listExports(file: string): Map<string, ts.Expression | undefined> {
	const found = new Map<string, ts.Expression | undefined>();
	for (const statement of parseSource(file).statements) {
		const isExported =
			ts.canHaveModifiers(statement) &&
			ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
		if (ts.isExportDeclaration(statement)) found.set(statement.getText(), undefined);
		if (!isExported) continue;
		if (ts.isVariableStatement(statement))
			for (const { name, initializer } of statement.declarationList.declarations)
				found.set(name.getText(), initializer);
		else
			found.set(
				ts.isFunctionDeclaration(statement) ? (statement.name?.text ?? 'default') : statement.getText(),
				undefined
			);
	}
	return found;
}

/** Reads the operation ID of `endpoint('id', …)`, or of the handler that a twin re-exports. */
function findOperation(
	made: ts.Expression | undefined,
	maker: string,
	others: Map<string, ts.Expression | undefined>
): string | null {
	if (made && ts.isIdentifier(made)) return findOperation(others.get(made.text), maker, others);
	if (!made || !ts.isCallExpression(made) || made.expression.getText() !== maker) return null;
	const [id] = made.arguments;
	return id && ts.isStringLiteral(id) ? id.text : null;
}

const endpoints: Handler[] = filesIn('src/routes', /\/\+server\.ts$/).flatMap((file) => {
	const all = listExports(file);
	return [...all].map(([name, made]) => ({
		entrance: methods.has(name) ? `${name} ${getRoute(file)}` : `${file} exports ${name}`,
		operation: findOperation(made, 'endpoint', all)
	}));
});

const actions: Handler[] = filesIn('src/routes', /\/\+page\.server\.ts$/).flatMap((file) => {
	const made = listExports(file).get('actions');
	if (made === undefined) return [];
	if (!ts.isObjectLiteralExpression(made)) return [{ entrance: `${file} hides its actions`, operation: null }];
	return made.properties.map((property) => ({
		entrance: `${getRoute(file)}?/${property.name?.getText() ?? '…'}`,
		operation: ts.isPropertyAssignment(property) ? findOperation(property.initializer, 'action', new Map()) : null
	}));
});

const handlers = [...endpoints, ...actions];

describe('handlers and rows', () => {
	it('are found', () => {
		expect(endpoints.length).toBeGreaterThan(20);
		expect(actions.length).toBeGreaterThan(5);
	});

	it.each(handlers)('$entrance serves the operation of its row', ({ entrance, operation }) => {
		expect(operation).not.toBeNull();
		expect(operationByEntryPoint.get(entrance)).toBe(operation);
	});

	it.each([...operationByEntryPoint])('%s (%s) has a handler', (entrance) => {
		expect(handlers.map((handler) => handler.entrance)).toContain(entrance);
	});

	it('have one handler per entry point', () => {
		const entrances = handlers.map(({ entrance }) => entrance);
		expect(entrances).toEqual([...new Set(entrances)]);
	});

	it('have one row per method and path', () => {
		const rows = Object.values(operations).flatMap((row) => ('rest' in row ? [row.rest] : []));
		expect(rows).toEqual([...new Set(rows)]);
	});
});

describe('pages', () => {
	const routes = [...new Set(filesIn('src/routes', /\/\+page(\.server)?\.(svelte|ts)$/).map(getRoute))];

	it.each(routes)('%s has an access rule', (route) => {
		expect(findPageRule(route)).toBeDefined();
	});

	it('require an admin below /admin', () => {
		for (const route of routes.filter((page) => page.includes('/admin')))
			expect(findPageRule(route)?.access).toEqual({ admin: true });
	});

	it('are public only for signing in, waiting or visiting a shared link', () => {
		const open = Object.entries(pages).filter(([, { access }]) => 'public' in access);
		expect(open.map(([route]) => route).sort()).toEqual([
			'/auth/login',
			'/auth/register',
			'/auth/signed-out',
			'/maintenance',
			'/s/[slug]',
			'/share/[key]'
		]);
	});

	it('have no unused access rule', () => {
		for (const rule of Object.keys(pages))
			expect(
				routes.some((route) => route === rule || route.startsWith(`${rule}/`)),
				rule
			).toBe(true);
	});

	it('share no route with the API', () => {
		const api = new Set(filesIn('src/routes', /\/\+server\.ts$/).map(getRoute));
		expect(routes.filter((route) => api.has(route))).toEqual([]);
	});

	it('leave access to the auth hook: no other layout of theirs runs on the server', () => {
		expect(filesIn('src/routes', /\+layout\.server\.ts$/)).toEqual(['src/routes/(console)/+layout.server.ts']);
		expect(filesIn('src/routes', /\+(page|layout)\.ts$/)).toEqual([]);
	});
});
