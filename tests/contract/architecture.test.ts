import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { filesIn, listImports, readSource, type Import } from '#tests/support/source-files.ts';

const sources = ['src', 'bin'].flatMap((folder) => filesIn(folder, /\.(ts|svelte)$/));
const imports = sources.flatMap(listImports);
const server = 'src/lib/server/';
const platform = `${server}platform/`;
const below =
	(...folders: string[]) =>
	(file: string) =>
		folders.some((folder) => file.startsWith(folder));
const isKit = (name: string) => /^(\$app|\$env|\$lib|@sveltejs)(\/|$)/.test(name);
const isRoute = (file: string) => /^src\/(routes\/|hooks)/.test(file);
/** Where requests and responses are Kit's. */
const isHttp = (file: string) => below(`${platform}http/`, `${server}hooks/`)(file) || file.endsWith('.http.ts');
const isRepository = (file: string) => /\.(repository|sql)\.ts$/.test(file);
const isDatabase = (file: string) =>
	isRepository(file) || below(`${platform}database/`, `${platform}embedded-postgres/`)(file);
const isApp = below(`${server}app/`);
const getFeature = (file: string) => /^src\/lib\/server\/features\/([^/]+)\//.exec(file)?.[1] ?? null;
const foldersIn = (folder: string) =>
	readdirSync(folder, { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => name);
const features = foldersIn(`${server}features`);

/** Formats the imports that break a rule, so that a failure names them. */
const thatBreak = (rule: (line: Import) => boolean): string[] =>
	[...new Set(imports.filter(rule).map(({ from, to }) => `${from} -> ${to}`))].sort();

describe('import direction', () => {
	it('parses the import lines', () => {
		expect(imports.length).toBeGreaterThan(200);
		const container = `${server}app/container.ts`;
		expect(imports).toContainEqual({ from: 'src/hooks.server.ts', to: container, isType: false });
		expect(imports).toContainEqual({ from: 'src/app.d.ts', to: container, isType: true });
	});

	it('the platform imports no feature and not the application, including types', () => {
		const isAbove = (file: string) => getFeature(file) !== null || isApp(file) || file.startsWith(`${server}hooks/`);
		expect(thatBreak(({ from, to }) => from.startsWith(platform) && isAbove(to))).toEqual([]);
	});

	it('features import only index.ts of other features; routes, hooks and the like also *.http.ts', () => {
		const isEntry = (from: string, to: string) =>
			to.endsWith('/index.ts') || (to.endsWith('.http.ts') && (isRoute(from) || isHttp(from)));
		expect(
			thatBreak(({ from, to }) => getFeature(to) !== null && getFeature(to) !== getFeature(from) && !isEntry(from, to))
		).toEqual([]);
	});

	it('only repositories and SQL modules import Prisma or pg, including types', () => {
		const isDriver = (name: string) => /^(@prisma\/|pg$|pg-(?!boss))|\/generated\/prisma/.test(name);
		expect(thatBreak(({ from, to }) => isDriver(to) && !isDatabase(from))).toEqual([
			`${server}app/metrics/metrics.ts -> pg`,
			`${server}features/jobs/job-queues.ts -> pg`,
			`${server}features/oauth/flow-limit.ts -> pg`,
			`${server}features/sign-in/setup-code.ts -> pg`,
			`${platform}rate-limits/rate-limiter.ts -> pg`
		]);
	});

	it('only repositories and the application use the database', () => {
		const isOpen = (file: string) =>
			file.startsWith(`${platform}database/`) && !/(-errors|\.repository)\.ts$/.test(file);
		const types = ['store', 'change-topics', 'immich-tables'].map((name) => `${platform}database/${name}.ts`);
		const isStoreType = ({ to, isType }: Import) => isType && types.includes(to);
		expect(
			thatBreak((line) => isOpen(line.to) && !isStoreType(line) && !isDatabase(line.from) && !isApp(line.from))
		).toEqual([]);
	});

	it('the launcher of the embedded PostgreSQL has one entry point, which only the database and tests use, except its own', () => {
		const isLauncher = below(`${platform}embedded-postgres/`);
		const others = ['tests', 'bench', 'scripts']
			.flatMap((folder) => filesIn(folder, /\.(ts|mjs)$/))
			.flatMap(listImports);
		const entries = [...imports, ...others].filter(
			({ from, to }) => isLauncher(to) && !isLauncher(from) && !from.startsWith('tests/unit/embedded-postgres/')
		);
		expect(new Set(entries.map(({ to }) => to))).toEqual(new Set([`${platform}embedded-postgres/index.ts`]));
		expect(entries.map(({ from }) => from).filter((from) => !from.startsWith('tests/'))).toEqual([
			`${platform}database/database.ts`
		]);
	});

	it('repositories know neither rules nor callers', () => {
		const isAbove = (file: string) =>
			isApp(file) ||
			isHttp(file) ||
			/\.service\.ts$/.test(file) ||
			below(`${platform}caller/`, `${platform}config/`)(file);
		expect(thatBreak(({ from, to }) => isRepository(from) && isAbove(to))).toEqual([]);
	});

	it('only http modules import SvelteKit, so that CLI, tests and bench run in plain Node', () => {
		expect(thatBreak(({ from, to }) => from.startsWith(server) && !isHttp(from) && isKit(to))).toEqual([]);
	});

	it('only routes, the hooks and the launcher import http modules', () => {
		const mayImport = (file: string) => isRoute(file) || file.startsWith('bin/') || isHttp(file);
		expect(thatBreak(({ from, to }) => isHttp(to) && !mayImport(from))).toEqual([]);
	});

	it('only the hooks and bin import the application, including types', () => {
		const mayImport = (file: string) =>
			/^src\/(hooks|app\.d\.ts)|^bin\//.test(file) || below(`${server}hooks/`)(file) || isApp(file);
		expect(thatBreak(({ from, to }) => isApp(to) && !mayImport(from))).toEqual([]);
	});

	it('only commands on the server act as its command line', () => {
		const isCaller = (file: string) => file === `${platform}caller/command-line.ts`;
		expect(thatBreak(({ from, to }) => isCaller(to) && !from.startsWith('bin/admin/'))).toEqual([]);
	});

	it('shared components of pages and forms import no console feature', () => {
		const isShared = below('src/lib/console/ui/', 'src/lib/console/forms/');
		const isFeature = (file: string) => features.some((name) => file.startsWith(`src/lib/console/${name}/`));
		expect(thatBreak(({ from, to }) => isShared(from) && isFeature(to))).toEqual([]);
	});

	it('the contract imports nothing else of ours', () => {
		const isContract = below('src/lib/contract/');
		expect(thatBreak(({ from, to }) => isContract(from) && to.startsWith('src/') && !isContract(to))).toEqual([]);
		expect(thatBreak(({ from, to }) => isContract(from) && /^(node:|@sveltejs|\$)/.test(to))).toEqual([]);
	});

	it('the command line imports only the contract and itself; its session module only itself', () => {
		const isCli = below('src/cli/');
		const isSession = below('src/cli/session/');
		const isOwn = (to: string) => /^(src|bin)\//.test(to);
		expect(imports.filter(({ from }) => isCli(from)).length).toBeGreaterThan(20);
		expect(
			thatBreak(({ from, to }) => isCli(from) && isOwn(to) && !isCli(to) && !to.startsWith('src/lib/contract/'))
		).toEqual([]);
		expect(thatBreak(({ from, to }) => isSession(from) && isOwn(to) && !isSession(to))).toEqual([]);
		expect(thatBreak(({ from, to }) => isCli(to) && !isCli(from))).toEqual([]);
	});

	it('the errors import nothing of ours; those of a feature only the platform’s', () => {
		const errors = `${platform}errors.ts`;
		const isOwn = (to: string) => to.startsWith('src/');
		expect(thatBreak(({ from, to }) => from === errors && isOwn(to))).toEqual([]);
		const ofFeatures = sources.filter((file) => getFeature(file) !== null && file.endsWith('/errors.ts'));
		expect(ofFeatures.length).toBeGreaterThan(10);
		expect(thatBreak(({ from, to }) => ofFeatures.includes(from) && isOwn(to) && to !== errors)).toEqual([]);
	});

	it('pages and components import contract and console, never the server', () => {
		const isBrowserSide = (file: string) => /\.svelte(\.ts)?$/.test(file) || file.startsWith('src/lib/console/');
		expect(thatBreak(({ from, to }) => isBrowserSide(from) && to.startsWith(server))).toEqual([]);
		expect(thatBreak(({ from, to }) => isBrowserSide(from) && to.startsWith('node:'))).toEqual([]);
	});

	it('routes know each service by the name of its class', () => {
		const services = features.flatMap((name) => {
			const file = `${server}features/${name}/feature.ts`;
			const source = sources.includes(file) ? readSource(file) : '';
			return [...source.matchAll(/new (\w+)Service\(/g)].map(([, className = '']) => {
				const variable = new RegExp(`const (\\w+) = new ${className}Service\\(`).exec(source)?.[1];
				const value = variable ?? `new ${className}Service`;
				const keys = [...source.matchAll(new RegExp(`(\\w+): ${value}\\b`, 'g'))].map(([, key]) => key);
				return { className, keys: [...keys, variable] };
			});
		});
		expect(services.length).toBeGreaterThan(25);
		const isNamed = ({ className, keys }: (typeof services)[number]) =>
			keys.some((key) => key?.toLowerCase() === className.toLowerCase());
		expect(services.filter((service) => !isNamed(service))).toEqual([]);
	});

	it.each(['lucia', 'arctic'])('at most one file imports %s', (name) => {
		const importers = new Set(
			imports.filter(({ to }) => to === name || to.startsWith(`${name}/`)).map(({ from }) => from)
		);
		expect(importers.size).toBeLessThanOrEqual(1);
	});

	it('only a feature’s feature.ts calls its service constructors', () => {
		const makers = sources.filter((file) => /new \w+Service\(/.test(readSource(file)));
		expect(makers.length).toBeGreaterThan(10);
		expect(makers.filter((file) => getFeature(file) === null || !file.endsWith('/feature.ts'))).toEqual([]);
	});
});

describe('features', () => {
	const used = new Map(features.map((name) => [name, new Set<string>()]));
	for (const { from, to, isType } of imports) {
		const [user, feature] = [getFeature(from), getFeature(to)];
		if (user !== null && feature !== null && user !== feature && !isType) used.get(user)?.add(feature);
	}

	it('depend on each other as docs/architecture.md says', () => {
		const rows = [...readSource('docs/architecture.md').matchAll(/^\| `([a-z-]+)` +\|[^|]+\|([^|]*)\|$/gm)];
		const written = rows.map(([, name = '', uses = '']) => [name, uses.split(/[\s,]+/).filter(Boolean)]);
		const found = [...used].map(([name, others]) => [name, [...others].sort()]);
		expect(Object.fromEntries(written)).toEqual(Object.fromEntries(found));
		expect(written.map(([name]) => name)).toEqual([...features].sort());
	});

	it('have no circular dependencies', () => {
		const left = new Map([...used].map(([name, others]) => [name, new Set(others)]));
		for (let free = [...left.keys()]; free.length > 0;) {
			free = [...left].filter(([, others]) => others.size === 0).map(([name]) => name);
			for (const name of free) left.delete(name);
			for (const others of left.values()) for (const name of free) others.delete(name);
		}
		expect([...left.keys()]).toEqual([]);
	});

	it('have the same names in the contract and in the console', () => {
		const others = ['permissions'];
		const unknown = (folder: string, shared: readonly string[]) =>
			foldersIn(folder).filter((name) => !features.includes(name) && !shared.includes(name));
		expect(unknown('src/lib/contract', [])).toEqual(others);
		expect(unknown('src/lib/console', ['ui', 'forms', 'shell', 'live'])).toEqual(['permissions']);
	});
});

describe('auth hook requirements', () => {
	it('there are no remote functions, where the caller chooses route and parameters', () => {
		expect(filesIn('src', /\.remote\./)).toEqual([]);
	});

	it('only one place reads the environment', () => {
		const readers = sources.filter((file) => file.startsWith('src/') && /process\.env/.test(readSource(file)));
		expect(readers.filter((file) => !isDatabase(file))).toEqual([
			'src/cli/environment.ts',
			'src/cli/session/folders.ts',
			'src/hooks.server.ts'
		]);
	});

	it('no page calls the API of its own server', () => {
		const isPage = below('src/routes/');
		expect(sources.filter((file) => isPage(file) && /fetch\(\s*[`'"]\/api/.test(readSource(file)))).toEqual([]);
	});
});

describe('files', () => {
	it('have kebab-case names that say what they are', () => {
		const folders = /(^|\/)(utils|helpers|common|misc)(\/|\.)/;
		expect(sources.filter((file) => folders.test(file))).toEqual([]);
		const modules = sources.filter((file) => file.endsWith('.ts') && !file.startsWith('src/routes/'));
		expect(modules.filter((file) => !/\/[a-z\d]+([-.][a-z\d]+)*\.ts$/.test(file))).toEqual([]);
	});

	it('have at most 300 lines', () => {
		const long = sources.filter((file) => readSource(file).split('\n').length > 300);
		expect(long).toEqual([]);
	});
});
