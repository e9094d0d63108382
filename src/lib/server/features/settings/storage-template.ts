import { invalidStorageTemplate } from './errors.ts';
import type { StorageTemplateOptions } from '#lib/contract/settings/settings-operations.ts';

/** The date parts that templates can use (Luxon’s tokens). */
const dateParts = {
	yearOptions: ['y', 'yy'],
	monthOptions: ['M', 'MM', 'MMM', 'MMMM'],
	weekOptions: ['W', 'WW'],
	dayOptions: ['d', 'dd'],
	hourOptions: ['h', 'hh', 'H', 'HH'],
	minuteOptions: ['m', 'mm'],
	secondOptions: ['s', 'ss', 'SSS']
};

/** Immich's own examples, in its order. */
const presetOptions = [
	'{{y}}/{{y}}-{{MM}}-{{dd}}/{{filename}}',
	'{{y}}/{{MM}}-{{dd}}/{{filename}}',
	'{{y}}/{{MMMM}}-{{dd}}/{{filename}}',
	'{{y}}/{{MM}}/{{filename}}',
	'{{y}}/{{#if album}}{{album}}{{else}}Other/{{MM}}{{/if}}/{{filename}}',
	'{{#if album}}{{album-startDate-y}}/{{album}}{{else}}{{y}}/Other/{{MM}}{{/if}}/{{filename}}',
	'{{y}}/{{MMM}}/{{filename}}',
	'{{y}}/{{MMMM}}/{{filename}}',
	'{{y}}/{{MM}}/{{dd}}/{{filename}}',
	'{{y}}/{{MMMM}}/{{dd}}/{{filename}}',
	'{{y}}/{{y}}-{{MM}}/{{y}}-{{MM}}-{{dd}}/{{filename}}',
	'{{y}}-{{MM}}-{{dd}}/{{filename}}',
	'{{y}}-{{MMM}}-{{dd}}/{{filename}}',
	'{{y}}-{{MMMM}}-{{dd}}/{{filename}}',
	'{{y}}/{{y}}-{{MM}}/{{filename}}',
	'{{y}}/{{y}}-{{WW}}/{{filename}}',
	'{{y}}/{{y}}-{{MM}}-{{dd}}/{{assetId}}',
	'{{y}}/{{y}}-{{MM}}/{{assetId}}',
	'{{y}}/{{y}}-{{WW}}/{{assetId}}',
	'{{album}}/{{filename}}',
	'{{make}}/{{model}}/{{lensModel}}/{{filename}}'
];

export const storageTemplateOptions: StorageTemplateOptions = { ...dateParts, presetOptions };

const dates = Object.values(dateParts).flat();
const known = new Set([
	...dates,
	...dates.flatMap((part) => [`album-startDate-${part}`, `album-endDate-${part}`]),
	...['filename', 'ext', 'filetype', 'filetypefull', 'assetId', 'assetIdShort', 'album', 'make', 'model', 'lensModel']
]);
const blocks = ['if', 'unless'];

/**
 * Refuses a template that wouldn't render: an unclosed brace, a wrongly closed block, an unknown name. Templates aren't
 * rendered here, only stored.
 * @throws {AppError} 400 with the reason
 */
export function checkStorageTemplate(template: string): void {
	const open: string[] = [];
	const { expressions, texts } = split(template);
	for (const inside of expressions) judge(inside.replace(/^~|~$/g, '').trim(), open);
	const [block] = open;
	if (block !== undefined) throw invalidStorageTemplate(`{{#${block}}} is never ended`);
	if (texts.some((text) => text.includes('{{') || text.includes('}}')))
		throw invalidStorageTemplate('a brace is missing');
}

/** Splits a template into the parts inside and outside of braces, in linear time, which a regex would not take. */
function split(template: string): { expressions: string[]; texts: string[] } {
	const [expressions, texts]: [string[], string[]] = [[], []];
	let position = 0;
	for (;;) {
		const start = template.indexOf('{{', position);
		const end = start < 0 ? -1 : template.indexOf('}}', start + 2);
		if (end < 0) return { expressions, texts: [...texts, template.slice(position)] };
		texts.push(template.slice(position, start));
		expressions.push(template.slice(start + 2, end));
		position = end + 2;
	}
}

function judge(inside: string, open: string[]): void {
	if (inside === 'else' && open.length > 0) return;
	const [, sign = '', word = '', name = ''] = /^([#/]?)\s*(\S*)\s*(.*)$/s.exec(inside) ?? [];
	if (sign === '/') {
		if (open.pop() !== word) throw invalidStorageTemplate(`{{/${word}}} ends nothing`);
		return;
	}
	if (sign === '#') {
		if (!blocks.includes(word)) throw invalidStorageTemplate(`"${word}" is no block`);
		open.push(word);
	}
	const variable = sign === '#' ? name : inside;
	if (!known.has(variable)) throw invalidStorageTemplate(`"${variable}" means nothing here`);
}
