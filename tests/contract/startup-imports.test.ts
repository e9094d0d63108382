import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { filesIn, parseSource } from '#tests/support/source-files.ts';

/** Large libraries that few servers or requests need. Loading them at startup would take almost a second of CPU time. */
const loadedOnDemand = [
	'@clack/prompts',
	'@zxcvbn-ts/language-common',
	'arctic',
	'csv-parse',
	'csv-stringify/sync',
	'handlebars',
	'nodemailer',
	'openid-client',
	'pino-pretty',
	'semver',
	'sharp',
	'yaml'
];

/** What most commands of the command line don't need; it must answer in an instant. */
const loadedByCommands = ['@clack/prompts', 'cli-table3', 'csv-parse', 'openid-client'];

const files = ['src', 'bin'].flatMap((folder) => filesIn(folder, /\.ts$/));
const startupImports = files.flatMap((file) => modulesLoadedBy(file).map((name) => ({ file, name })));

describe('libraries loaded on demand', () => {
	it.each(loadedOnDemand)('does not import %s statically', (name) => {
		expect(startupImports.filter((found) => found.name === name)).toEqual([]);
	});

	it.each(loadedByCommands)('%s is loaded only by commands that need it', (name) => {
		const inCli = startupImports.filter(({ file }) => file.startsWith('src/cli/'));
		expect(inCli.filter((found) => found.name.startsWith(name))).toEqual([]);
	});

	it('no command is loaded before it runs', () => {
		const loaded = new Set(['src/cli/main.ts']);
		for (const file of loaded)
			for (const name of modulesLoadedBy(file).filter((found) => found.endsWith('.ts')))
				loaded.add(path.posix.join(path.posix.dirname(file), name));
		expect([...loaded].sort()).toEqual([
			'src/cli/cli-error.ts',
			'src/cli/client/version.ts',
			'src/cli/completion/shells.ts',
			'src/cli/definitions/access.ts',
			'src/cli/definitions/examples.ts',
			'src/cli/definitions/server.ts',
			'src/cli/definitions/users.ts',
			'src/cli/main.ts',
			'src/cli/program.ts',
			'src/cli/session/errors.ts',
			'src/cli/session/plain-text.ts',
			'src/cli/terminal/output.ts'
		]);
	});

	it('are distinguished from libraries that are imported statically', () => {
		expect(startupImports).toContainEqual({ file: 'src/lib/server/platform/log.ts', name: 'pino' });
	});
});

/** Returns the modules that load together with a file. Type-only imports load nothing. */
function modulesLoadedBy(file: string): string[] {
	return parseSource(file).statements.flatMap((statement) => {
		const isLoading =
			(ts.isImportDeclaration(statement) && statement.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword) ||
			(ts.isExportDeclaration(statement) && !statement.isTypeOnly);
		const specifier = isLoading ? statement.moduleSpecifier : undefined;
		return specifier && ts.isStringLiteral(specifier) ? [specifier.text] : [];
	});
}
