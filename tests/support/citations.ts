import { existsSync } from 'node:fs';
import path from 'node:path';
import { filesIn, readSource } from './source-files.ts';

/** Turns a heading into its anchor, as GitHub does. */
export const anchorOf = (heading: string): string =>
	heading
		.toLowerCase()
		.replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
		.replaceAll(' ', '-');

const anchors = new Map<string, Set<string>>();

/** Returns the anchors of a Markdown file, given relative to the project root. */
function anchorsIn(file: string): Set<string> {
	const known =
		anchors.get(file) ?? new Set([...readSource(file).matchAll(/^#+ (.+)$/gm)].map(([, text = '']) => anchorOf(text)));
	anchors.set(file, known);
	return known;
}

const sources = [
	...['src', 'bin', 'scripts', 'tests', 'bench', 'prisma'].flatMap((folder) =>
		filesIn(folder, /\.(ts|mjs|svelte|sql)$/)
	),
	'playwright.config.ts',
	'vite.config.ts',
	'vitest.config.ts'
];

const decisions = new Set(filesIn('docs/decisions', /\.md$/).map((file) => path.basename(file).slice(0, 3)));

/**
 * Lists what a file cites that doesn't exist: documents and headings it links to, places in the wire reference, decisions
 * by number, and in docs/ source files by the end of their path.
 * @param file relative to the project root
 */
export function deadCitations(file: string, text: string): string[] {
	const isMarkdown = file.endsWith('.md');
	const links = isMarkdown ? [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)] : [];
	const targets = [
		...links.map(([, link = '']) => {
			const [name = '', anchor] = link.split('#');
			return { link, target: name ? path.posix.join(path.posix.dirname(file), name) : file, anchor };
		}),
		...[...text.matchAll(/docs\/wire-reference\/([a-z-]+\.md)(?:#([\w-]+))?/g)].map(([link, name = '', anchor]) => ({
			link,
			target: `docs/wire-reference/${name}`,
			anchor
		}))
	];
	const dead = targets.filter(({ target, anchor }) => !existsSync(target) || !hasAnchor(target, anchor));
	// Decisions cite each other by bare number.
	const numbers = file.startsWith('docs/decisions/')
		? text.matchAll(/(?<![\d,])0\d{2}\b/g)
		: text.matchAll(/(?<=\bdecisions?[/ ][\d, and–]*)\d{3}\b/g);
	return [
		...dead.map(({ link }) => link),
		...[...numbers].map(([number]) => number).filter((number) => !decisions.has(number)),
		...[...text.matchAll(/wire reference \d[\d.]*/gi)].map(([citation]) => citation),
		...(file.startsWith('docs/') ? [...text.matchAll(/`([\w./-]+\.(?:ts|mjs|svelte|sql))`/g)] : [])
			.map(([, name = '']) => name)
			.filter((name) => !sources.some((source) => source === name || source.endsWith(`/${name}`)))
	];
}

const hasAnchor = (target: string, anchor: string | undefined): boolean =>
	anchor === undefined || !target.endsWith('.md') || anchorsIn(target).has(anchor);
