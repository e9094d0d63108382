import { z } from 'zod';

/**
 * Returns the values of a submitted form as the input of its schema. Browsers send only texts and files, and leave out what is
 * not checked or not selected: a checkbox then reads as false, a list as empty, a choice as its first option, and any other
 * field as empty, or as missing if it is optional.
 */
export function formValues(fields: z.ZodObject, form: FormData): Record<string, unknown> {
	const shape: Readonly<Record<string, z.core.$ZodType>> = fields.shape;
	const names = new Set([...Object.keys(shape), ...(fields.def.catchall ? form.keys() : [])]);
	// An own property of this name could not be sent back to the page.
	names.delete('__proto__');
	return Object.fromEntries([...names].map((name) => [name, valueOf(shape[name], form.getAll(name))]));
}

function valueOf(field: z.core.$ZodType | undefined, sent: readonly FormDataEntryValue[]): unknown {
	if (field instanceof z.ZodArray) return sent;
	const last = sent.at(-1);
	if (field instanceof z.ZodBoolean) return typeof last === 'string' && last !== '' && last !== 'false';
	if (last === undefined && field instanceof z.ZodEnum) return field.options[0];
	const isEmpty = last === undefined || last === '' || (last instanceof File && last.size === 0);
	if (!isEmpty) return last;
	return field instanceof z.ZodOptional || field instanceof z.ZodDefault || field instanceof z.ZodFile ? undefined : '';
}
