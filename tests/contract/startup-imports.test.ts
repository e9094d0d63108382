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

const files = ['src', 'bin'].flatMap((folder) => filesIn(folder, /\.ts$/));
const startupImports = files.flatMap((file) => modulesLoadedBy(file).map((name) => ({ file, name })));

describe('libraries loaded on demand', () => {
	it.each(loadedOnDemand)('does not import %s statically', (name) => {
		expect(startupImports.filter((found) => found.name === name)).toEqual([]);
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
