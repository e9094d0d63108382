import { z } from 'zod';
import { toExpiryDate, expiries, type Expiry } from '../api-keys/expiry.ts';
import { byteLength, isoDate, maxPasswordBytes, secret, objectId } from '../fields.ts';
import { defineForm } from '../operation.ts';

/** How many assets an individual link can have, and how many one request can name. */
export const maxLinkAssets = 10_000;

/** Whether a page address can end in it: browsers and servers read the others as a path. */
export const isSlug = (text: string) => text.isWellFormed() && !/[\p{Cc}/\\]|^\.{1,2}$/u.test(text);

const expiryDate = z.string().max(10);
const isDayGiven = (fields: { expiry: Expiry | 'keep'; expiryDate: string }) =>
	fields.expiry !== 'date' ||
	(isoDate.safeParse(fields.expiryDate).success &&
		Date.parse(toExpiryDate('date', fields.expiryDate) ?? '') > Date.now());
const dayMissing = { path: ['expiryDate'], error: 'Choose a day from today on.' };

/** The fields that a new link and an edited one have in common. */
const linkFields = {
	description: z.string().trim().max(1_000),
	slug: z.string().trim().max(100).refine(isSlug, 'This address can’t be used.'),
	password: secret(
		z
			.string()
			.max(maxPasswordBytes)
			.refine((text) => byteLength(text) <= maxPasswordBytes, {
				error: `Use at most ${maxPasswordBytes} bytes; letters with accents take two or more.`
			})
	),
	expiryDate,
	allowUpload: z.boolean(),
	allowDownload: z.boolean(),
	showMetadata: z.boolean()
};

export const ownLink = '/(console)/account/shared-links/[id=uuid]';
export const uploadsOfVisitors = ['/share/[key]?/upload', '/s/[slug]?/upload'] as const;
export const pagesOfVisitors = ['/share/[key]?/login', '/s/[slug]?/login'] as const;

export const createLinkForm = defineForm({
	at: '/(console)/account/shared-links/new?/create',
	fields: z
		.object({
			...linkFields,
			albumId: z.union([z.literal(''), objectId]),
			/** Separated by commas. */
			assetIds: z
				.string()
				.max(40 * maxLinkAssets)
				.refine(
					(text) => text === '' || text.split(',').every((id) => objectId.safeParse(id).success),
					'Choose photos.'
				),
			expiry: z.enum(expiries)
		})
		.refine(isDayGiven, dayMissing)
		.refine(({ albumId, assetIds: ids }) => albumId !== '' || ids !== '', {
			path: ['albumId'],
			error: 'Choose an album.'
		}),
	toBody: ({ albumId, assetIds: ids, expiry, expiryDate: day, ...fields }) => ({
		...fields,
		...(ids === '' ? { type: 'ALBUM', albumId } : { type: 'INDIVIDUAL', assetIds: ids.split(',') }),
		expiresAt: toExpiryDate(expiry, day)
	}),
	result: z.object({ id: z.string() })
});

export const editLinkForm = defineForm({
	at: `${ownLink}/edit?/default`,
	fields: z
		.object({ ...linkFields, isPasswordRemoved: z.boolean(), expiry: z.enum(['keep', ...expiries]) })
		.refine(isDayGiven, dayMissing),
	toBody: ({ password: typed, isPasswordRemoved, expiry, expiryDate: day, ...fields }) => ({
		...fields,
		...(isPasswordRemoved ? { password: null } : typed === '' ? {} : { password: typed }),
		...(expiry === 'keep' ? {} : { expiresAt: toExpiryDate(expiry, day) })
	})
});
