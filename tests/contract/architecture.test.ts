import { describe, expect, it } from 'vitest';
import { filesIn, importsOf, readSource, type Import } from '#tests/support/source-files.ts';

const sources = ['src', 'bin'].flatMap((folder) => filesIn(folder, /\.(ts|svelte)$/));
const imports = sources.flatMap(importsOf);
const server = 'src/lib/server/';
const below = (folder: string) => (file: string) => file.startsWith(folder);
const isHttp = below(`${server}http/`);
const isDatabase = (file: string) => below(`${server}database/`)(file) || below(`${server}repositories/`)(file);

/** Writes the imports that break a rule, so that a failure names them. */
const thatBreak = (rule: (line: Import) => boolean): string[] =>
	imports.filter(rule).map(({ from, to }) => `${from} -> ${to}`);

describe('one direction of imports', () => {
	it('reads the import lines', () => {
		expect(imports.length).toBeGreaterThan(200);
		expect(imports).toContainEqual({ from: 'src/hooks.server.ts', to: 'src/lib/server/app/container.ts' });
	});

	it('below http/ nothing knows SvelteKit, so that CLI, tests and bench run in plain Node', () => {
		const isKit = (name: string) => /^(\$app|\$env|\$lib|@sveltejs|sveltekit-superforms)(\/|$)/.test(name);
		expect(thatBreak(({ from, to }) => from.startsWith(server) && !isHttp(from) && isKit(to))).toEqual([]);
	});

	it('only routes, the hooks and the launcher import http/', () => {
		const mayImport = (file: string) => /^(src\/routes\/|src\/hooks|bin\/)/.test(file) || isHttp(file);
		expect(thatBreak(({ from, to }) => isHttp(to) && !mayImport(from))).toEqual([]);
	});

	it('above repositories/ nothing imports Prisma, its types included', () => {
		const isPrisma = (name: string) => name.startsWith('@prisma/') || name.includes('/generated/prisma');
		expect(thatBreak(({ from, to }) => isPrisma(to) && !isDatabase(from))).toEqual([]);
	});

	it('only repositories and the container open the database', () => {
		const mayOpen = (file: string) => isDatabase(file) || file === `${server}container.ts`;
		expect(thatBreak(({ from, to }) => to.startsWith(`${server}database/`) && !mayOpen(from))).toEqual([]);
	});

	it('repositories know neither rules nor callers', () => {
		const isAbove = (file: string) => new RegExp(`^${server}(services|auth|http|config|container)`).test(file);
		expect(thatBreak(({ from, to }) => from.startsWith(`${server}repositories/`) && isAbove(to))).toEqual([]);
	});

	it('services know neither http nor the container', () => {
		const isAbove = (file: string) => isHttp(file) || file === `${server}container.ts`;
		expect(thatBreak(({ from, to }) => from.startsWith(`${server}services/`) && isAbove(to))).toEqual([]);
	});

	it('the contract imports nothing else of ours', () => {
		const isContract = below('src/lib/contract/');
		expect(thatBreak(({ from, to }) => isContract(from) && to.startsWith('src/') && !isContract(to))).toEqual([]);
		expect(thatBreak(({ from, to }) => isContract(from) && /^(node:|@sveltejs|\$)/.test(to))).toEqual([]);
	});

	it('the errors import nothing of ours', () => {
		expect(thatBreak(({ from, to }) => from === `${server}errors.ts` && to.startsWith('src/'))).toEqual([]);
	});

	it('pages and components import contract and console, never the server', () => {
		const isBrowserSide = (file: string) => /\.svelte(\.ts)?$/.test(file) || file.startsWith('src/lib/console/');
		expect(thatBreak(({ from, to }) => isBrowserSide(from) && to.startsWith(server))).toEqual([]);
		expect(thatBreak(({ from, to }) => isBrowserSide(from) && to.startsWith('node:'))).toEqual([]);
	});

	it.each(['lucia', 'arctic'])('%s is imported by one file at most', (name) => {
		const importers = new Set(
			imports.filter(({ to }) => to === name || to.startsWith(`${name}/`)).map(({ from }) => from)
		);
		expect(importers.size).toBeLessThanOrEqual(1);
	});

	it('only the container calls the constructor of a service', () => {
		const makers = sources.filter((file) => /new \w+Service\(/.test(readSource(file)));
		expect(makers).toEqual([`${server}container.ts`]);
	});
});

describe('what the door relies on', () => {
	it('no remote functions, whose route and parameters are the caller’s to choose', () => {
		expect(filesIn('src', /\.remote\./)).toEqual([]);
	});

	it('the environment is read in one place', () => {
		const readers = sources.filter((file) => file.startsWith('src/') && /process\.env/.test(readSource(file)));
		expect(readers.filter((file) => !file.startsWith(`${server}database/`))).toEqual(['src/hooks.server.ts']);
	});

	it('no page asks the interface of its own server', () => {
		const isPage = below('src/routes/');
		expect(sources.filter((file) => isPage(file) && /fetch\(\s*[`'"]\/api/.test(readSource(file)))).toEqual([]);
	});
});

describe('files', () => {
	it('have names in kebab-case, and say what they are', () => {
		const folders = /(^|\/)(utils|helpers|common|misc)(\/|\.)/;
		expect(sources.filter((file) => folders.test(file))).toEqual([]);
		const modules = sources.filter((file) => file.endsWith('.ts') && !file.startsWith('src/routes/'));
		expect(modules.filter((file) => !/\/[a-z\d]+([-.][a-z\d]+)*\.ts$/.test(file))).toEqual([]);
	});

	it('are split at 300 lines', () => {
		const long = sources.filter((file) => readSource(file).split('\n').length > 300);
		expect(long).toEqual([]);
	});
});
