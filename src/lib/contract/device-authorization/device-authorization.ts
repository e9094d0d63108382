import { z } from 'zod';
import { dateTime, secret } from '../fields.ts';
import { defineForm, defineOperations } from '../operation.ts';
import { maxTypedCodeCharacters } from './user-code.ts';

/** The only grant type of the token endpoint. Source: RFC 8628 §3.4. */
export const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/** A program's short name, which its user is shown. Printable ASCII, without spaces around it. */
const clientId = z.string().regex(/^[!-~](?:[ -~]{0,48}[!-~])?$/, 'Use 1 to 50 printable ASCII characters');

export const DeviceCodeDto = z.object({ client_id: clientId }).meta({ id: 'DeviceCodeDto' });

/** Source: RFC 8628 §3.2. Both periods are in seconds. */
export const DeviceCodeResponseDto = z
	.object({
		device_code: z.string(),
		user_code: z.string(),
		verification_uri: z.string(),
		verification_uri_complete: z.string(),
		expires_in: z.int(),
		interval: z.int()
	})
	.meta({ id: 'DeviceCodeResponseDto' });

export const DeviceTokenDto = z
	.object({
		grant_type: z.string().max(200),
		device_code: secret(z.string().max(200)),
		client_id: clientId
	})
	.meta({ id: 'DeviceTokenDto' });

export const DeviceTokenResponseDto = z
	.object({
		access_token: z.string(),
		token_type: z.literal('Bearer'),
		userId: z.string(),
		userEmail: z.string()
	})
	.meta({ id: 'DeviceTokenResponseDto' });

/** What a user is shown of a waiting program. */
const DeviceAuthorizationDto = z.object({
	state: z.enum(['pending', 'approved', 'denied']),
	/** With a dash, as the program shows it. */
	userCode: z.string(),
	clientName: z.string(),
	/** The program's IP address; null if a proxy sent an invalid one. */
	address: z.string().nullable(),
	/** What the program's headers say it is; null if they say nothing. */
	client: z.string().nullable(),
	requestedAt: dateTime
});
export type DeviceAuthorization = z.output<typeof DeviceAuthorizationDto>;

const page = '/(console)/device';
const code = z.string().min(1, 'Enter the code that the program shows.').max(maxTypedCodeCharacters);
const form = (name: 'find' | 'approve' | 'deny') =>
	defineForm({
		at: `${page}?/${name}`,
		fields: z.object({ code }),
		toBody: (fields) => fields,
		result: DeviceAuthorizationDto
	});
const body = z.object({ code });

export const deviceAuthorizationOperations = defineOperations({
	requestDeviceCode: {
		summary: 'Request a code with which a user signs in a program from a browser',
		rest: 'POST /api/auth/device/code',
		access: { public: true },
		oauthErrors: true,
		body: DeviceCodeDto,
		reply: DeviceCodeResponseDto
	},
	takeDeviceToken: {
		summary: 'Ask whether the user has approved, and take the access token once',
		rest: 'POST /api/auth/device/token',
		access: { public: true },
		oauthErrors: true,
		body: DeviceTokenDto,
		reply: DeviceTokenResponseDto
	},
	findDeviceAuthorization: {
		summary: 'See which program shows a code',
		form: form('find'),
		access: {},
		body
	},
	approveDeviceAuthorization: {
		summary: 'Sign in the program that shows a code',
		form: form('approve'),
		access: {},
		body
	},
	denyDeviceAuthorization: {
		summary: 'Refuse the program that shows a code',
		form: form('deny'),
		access: {},
		body
	}
});
