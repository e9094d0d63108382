import { describe, expect, it } from 'vitest';
import { checkStorageTemplate, storageTemplateOptions } from '#lib/server/features/settings/storage-template.ts';
import { measureTurns } from '#tests/support/turns.ts';

const longest = 2_000;

describe('a storage template', () => {
	it.each([
		...storageTemplateOptions.presetOptions,
		'',
		'plain',
		'{{~ y ~}}',
		'a{b}c',
		'y}}',
		'}} {{y}}',
		'{{{y}}}',
		'{{!-- a comment --}}{{y}}',
		'{{#unless album}}{{y}}{{/unless}}',
		'{{#album}}x{{/album}}',
		'{{#if nothing}}{{y}}{{/if}}',
		'{{#if album}}{{album}}{{else}}{{nothing}}{{/if}}',
		'{{#with this}}{{lookup this "y"}}{{/with}}'
	])('is accepted: %j', async (template) => {
		await expect(checkStorageTemplate(template)).resolves.toBeUndefined();
	});

	it.each([
		['{{y', /^Invalid storage template: Parse error on line 1: Expecting [^\n]*$/],
		['{{y}} {{', /Parse error/],
		['{{y}}}', /Parse error/],
		['{{nothing}}', /^Invalid storage template: "nothing" not defined/],
		['{{#if album}}', /Parse error/],
		['{{/if}}', /Parse error/],
		['{{#if y}}{{/unless}}', /if doesn't match unless/],
		['{{#each album}}', /Parse error/],
		['{{#each this}}{{/each}}', /unknown helper each/],
		['{{log y}}', /unknown helper log/],
		['{{#*inline "a"}}{{> a}}{{/inline}}{{> a}}', /Missing decorator: "inline"/],
		['{{> a}}', /partial a could not be found/],
		['x'.repeat(longest + 1), /^Invalid storage template: it has more than 2,000 characters$/],
		['{{constructor.constructor}}', /not defined|Invalid storage template/]
	])('is refused: %j', async (template, reason) => {
		await expect(checkStorageTemplate(template)).rejects.toThrow(reason);
	});

	it.each(['{{', '{', '{{ ', '}}', '{{#', '{{(', '{{#if y}}'])(
		'takes hardly longer for unmatched braces than for a valid one: %j',
		async (piece) => {
			const valid = '{{y}}/'.repeat(longest / 6);
			const hostile = piece.repeat(longest / piece.length);
			const work = async (template: string) => {
				const { total } = await measureTurns(async () => {
					// Some are refused.
					await checkStorageTemplate(template).catch(() => undefined);
				});
				return total;
			};
			const reference = await work(valid);
			expect(await work(hostile)).toBeLessThan(10 * reference);
		}
	);
});
