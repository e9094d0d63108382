import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(import.meta.dirname, '../..');

/** One import of a source file. */
export interface Import {
	/** The importing file, from the project's root. */
	readonly from: string;
	/** The imported file from the project's root where it is one of ours, else the package's name as written. */
	readonly to: string;
}

/** Finds the files of a folder, from the project's root, with forward slashes; generated ones are nobody's style. */
export const filesIn = (folder: string, pattern: RegExp): string[] =>
	readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
		.map((file) => `${folder}/${file.replaceAll(path.sep, '/')}`)
		.filter((file) => pattern.test(file) && !file.includes('/generated/'))
		.sort();

export const readSource = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** Parses a TypeScript file. */
export const parseSource = (file: string): ts.SourceFile =>
	ts.createSourceFile(file, readSource(file), ts.ScriptTarget.ES2023, true);

/** Lists all that a file imports or exports from elsewhere: statically, as a type, or when it runs. */
export function importsOf(file: string): Import[] {
	const text = readSource(file);
	const code = file.endsWith('.svelte')
		? [...text.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, script]) => script).join('\n')
		: text;
	return ts
		.preProcessFile(code, true, true)
		.importedFiles.map(({ fileName }) => ({ from: file, to: resolve(file, fileName) }));
}

function resolve(file: string, name: string): string {
	if (name.startsWith('.')) return path.posix.join(path.posix.dirname(file), name);
	return name.replace(/^#lib\//, 'src/lib/').replace(/^#tests\//, 'tests/');
}
