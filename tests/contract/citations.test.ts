import { describe, expect, it } from 'vitest';
import { anchorOf, deadCitations } from '#tests/support/citations.ts';
import { filesIn, readSource } from '#tests/support/source-files.ts';

const files = [
	...['src', 'bin', 'bench', 'scripts', 'tests', 'prisma', 'docs'].flatMap((folder) =>
		filesIn(folder, /\.(ts|js|mjs|svelte|sql|prisma|md)$/)
	),
	'README.md',
	'CONTRIBUTING.md',
	'AGENTS.md'
].filter((file) => file !== 'tests/contract/citations.test.ts');

describe('citations', () => {
	it('lead to a document, heading or decision that exists', () => {
		const dead = files.flatMap((file) =>
			deadCitations(file, readSource(file)).map((citation) => `${file}: ${citation}`)
		);
		expect(dead).toEqual([]);
	});

	it('are found in comments and documents', () => {
		expect(files.filter((file) => readSource(file).includes('docs/wire-reference/')).length).toBeGreaterThan(30);
	});

	it('never name a file of the wire reference without its heading in code', () => {
		const whole = files.filter((file) => /docs\/wire-reference\/[a-z-]+\.md(?!#)/.test(readSource(file)));
		expect(whole.filter((file) => !file.endsWith('.md'))).toEqual([]);
	});
});

describe('the citation check', () => {
	it.each([
		['a missing document', 'docs/x.md', '[a](missing.md)', ['missing.md']],
		['a missing heading', 'docs/x.md', '[a](glossary.md#missing)', ['glossary.md#missing']],
		['a missing heading of its own', 'README.md', '[a](#missing)', ['#missing']],
		[
			'a missing place in the wire reference',
			'src/x.ts',
			'docs/wire-reference/auth.md#x',
			['docs/wire-reference/auth.md#x']
		],
		['a missing file of the wire reference', 'src/x.ts', 'docs/wire-reference/x.md#x', ['docs/wire-reference/x.md#x']],
		['a missing decision', 'src/x.ts', 'docs/decisions/999', ['999']],
		['a missing decision after another', 'docs/x.md', 'decisions 001 and 998', ['998']],
		['a missing decision that another cites', 'docs/decisions/x.md', 'as in 001 and 099', ['099']],
		['a missing source file', 'docs/x.md', 'see `hooks/missing.ts` and `auth-hook.ts`', ['hooks/missing.ts']],
		['a section number', 'src/x.ts', 'wire reference 2.1', ['wire reference 2.1']]
	])('reports %s', (_, file, text, expected) => {
		expect(deadCitations(file, text)).toEqual(expected);
	});

	it.each([
		['docs/x.md', '[a](glossary.md#glossary), [b](../README.md), [c](https://example.com/x.md#y)'],
		['src/x.ts', 'docs/wire-reference/credentials.md#cookies and docs/decisions/017 and 026']
	])('accepts the citations in %s', (file, text) => {
		expect(deadCitations(file, text)).toEqual([]);
	});

	it('makes the anchors that GitHub makes', () => {
		expect(anchorOf('POST /oauth/callback')).toBe('post-oauthcallback');
		expect(anchorOf('Email, password and PIN rules')).toBe('email-password-and-pin-rules');
		expect(anchorOf('api_key')).toBe('api_key');
	});
});
