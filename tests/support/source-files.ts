import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(import.meta.dirname, '../..');

/** One import of a source file. */
export interface Import {
	/** The importing file, relative to the project root. */
	readonly from: string;
	/** The imported file relative to the project root if it is ours, otherwise the package name as written. */
	readonly to: string;
	/** Erased at run time. */
	readonly isType: boolean;
}

/** Lists the files of a folder, relative to the project root, with forward slashes; skips generated files. */
export const filesIn = (folder: string, pattern: RegExp): string[] =>
	readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
		.map((file) => `${folder}/${file.replaceAll(path.sep, '/')}`)
		.filter((file) => pattern.test(file) && !file.includes('/generated/'))
		.sort();

export const readSource = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** Parses a TypeScript file. */
export const parseSource = (file: string): ts.SourceFile =>
	ts.createSourceFile(file, readSource(file), ts.ScriptTarget.ES2023, true);

/** Lists a file's imports and re-exports: static, type-only and dynamic. */
export function listImports(file: string): Import[] {
	const text = readSource(file);
	const code = file.endsWith('.svelte')
		? [...text.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, script]) => script).join('\n')
		: text;
	const found: Import[] = [];
	const add = (name: ts.Node | undefined, isType: boolean) => {
		if (name && ts.isStringLiteralLike(name)) found.push({ from: file, to: resolve(file, name.text), isType });
	};
	const visit = (node: ts.Node): void => {
		if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeImport(node.importClause));
		else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
		else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
			add(node.arguments[0], false);
		else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
		ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile(file, code, ts.ScriptTarget.ES2023, true));
	// `{#await import('./Dialog.svelte')}` is in the markup, which is not parsed as code.
	if (file.endsWith('.svelte'))
		for (const [, name = ''] of text.replaceAll(/<script.*?<\/script>/gs, '').matchAll(/\bimport\('([^']+)'\)/g))
			found.push({ from: file, to: resolve(file, name), isType: false });
	return found;
}

function isTypeImport(clause: ts.ImportClause | undefined): boolean {
	if (!clause) return false;
	const { name, namedBindings, phaseModifier } = clause;
	if (phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
	if (name || !namedBindings || !ts.isNamedImports(namedBindings)) return false;
	return namedBindings.elements.length > 0 && namedBindings.elements.every(({ isTypeOnly }) => isTypeOnly);
}

function resolve(file: string, name: string): string {
	if (name.startsWith('.')) return path.posix.join(path.posix.dirname(file), name);
	return name.replace(/^#lib\//, 'src/lib/').replace(/^#tests\//, 'tests/');
}
