/** A form as a browser without scripts finds it in a page. */
export interface HtmlForm {
	/** Its action as written; empty for the page itself. */
	readonly action: string;
	/** The fields a browser would send if it were submitted unchanged. */
	readonly fields: Readonly<Record<string, string>>;
	/** All named controls, whether they would be sent or not. */
	readonly names: readonly string[];
}

type Attributes = ReadonlyMap<string, string>;

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

const decode = (text: string): string =>
	text.replace(/&(#x[\da-f]+|#\d+|\w+);/gi, (whole, name: string) => {
		if (!name.startsWith('#')) return entities[name] ?? whole;
		const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
		return String.fromCodePoint(code);
	});

/** The rest of a start tag after its name; quoted values can contain brackets. */
const tag = String.raw`((?:"[^"]*"|[^">])*)>`;
const formPattern = new RegExp(`<form\\b${tag}(.*?)</form>`, 'gis');
const inputPattern = new RegExp(`<input\\b${tag}`, 'gis');
const selectPattern = new RegExp(`<select\\b${tag}(.*?)</select>`, 'gis');
const optionPattern = new RegExp(`<option\\b${tag}`, 'gis');
const textPattern = new RegExp(`<textarea\\b${tag}(.*?)</textarea>`, 'gis');

/** Parses the attributes of a start tag, as Svelte writes them. */
const parseAttributes = (inside: string): Attributes =>
	new Map(
		[...inside.matchAll(/\s([\w:-]+)(?:="([^"]*)")?/g)].map(([, name = '', value = '']) => [
			name.toLowerCase(),
			decode(value)
		])
	);

/** Finds the POST forms of a page. Throws if a form contains another one, because browsers drop the inner one. */
export function findForms(html: string): HtmlForm[] {
	return [...html.matchAll(formPattern)].flatMap(([, start = '', inner = '']) => {
		if (/<form\b/i.test(inner)) throw new Error(`A form contains another one: ${start}`);
		const attributes = parseAttributes(start);
		if (attributes.get('method')?.toUpperCase() !== 'POST') return [];
		const controls = findControls(inner);
		const sent = controls.flatMap(({ name, value }) => (value === null ? [] : [[name, value] as const]));
		return [
			{
				action: attributes.get('action') ?? '',
				fields: Object.fromEntries(sent),
				names: controls.map(({ name }) => name)
			}
		];
	});
}

/** Lists the named controls; the value is null if a browser would not send the control. */
function findControls(html: string): { name: string; value: string | null }[] {
	const inputs = [...html.matchAll(inputPattern)].map(([, start = '']) => {
		const attributes = parseAttributes(start);
		const isTicked = !['checkbox', 'radio'].includes(attributes.get('type') ?? '') || attributes.has('checked');
		const value = attributes.get('value') ?? (attributes.get('type') === 'checkbox' ? 'on' : '');
		return { attributes, value: isTicked && !attributes.has('disabled') ? value : null };
	});
	const selects = [...html.matchAll(selectPattern)].map(([, start = '', inner = '']) => {
		const options = [...inner.matchAll(optionPattern)].map(([, option = '']) => parseAttributes(option));
		const chosen = options.find((option) => option.has('selected')) ?? options[0];
		return { attributes: parseAttributes(start), value: chosen?.get('value') ?? null };
	});
	const texts = [...html.matchAll(textPattern)].map(([, start = '', inner = '']) => ({
		attributes: parseAttributes(start),
		value: decode(inner)
	}));
	return [...inputs, ...selects, ...texts].flatMap(({ attributes, value }) => {
		const name = attributes.get('name') ?? '';
		return name === '' ? [] : [{ name, value: attributes.has('disabled') ? null : value }];
	});
}
