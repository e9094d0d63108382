import { expect } from 'vitest';

export const anyIso: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
export const anyUuid: unknown = expect.stringMatching(
	/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/
);
export const anyText: unknown = expect.any(String);
export const anyNumber: unknown = expect.any(Number);

/** A new user as everyone sees it, with every field of the wire. */
export const userShape = (fields: object = {}) => ({
	id: anyUuid,
	email: anyText,
	name: anyText,
	profileImagePath: '',
	avatarColor: anyText,
	profileChangedAt: anyIso,
	...fields
});

/** A new user as the user and admins see it, with every field of the wire. */
export const accountShape = (fields: object = {}) => ({
	...userShape(),
	storageLabel: null,
	shouldChangePassword: false,
	isAdmin: false,
	createdAt: anyIso,
	deletedAt: null,
	updatedAt: anyIso,
	oauthId: '',
	quotaSizeInBytes: null,
	quotaUsageInBytes: 0,
	status: 'active',
	license: null,
	clusterGroupId: anyUuid,
	...fields
});

export const message = (text: string) => ({ message: text });

/** The response to an invalid body, query or path, with the issues of the wire. */
export const validationFailed = (...errors: object[]) => ({ message: 'Validation failed', errors });

const typeIssue = (path: readonly string[], expected: string, named: string, received: string) => ({
	code: 'invalid_type',
	expected,
	path,
	message: `Invalid input: expected ${named}, received ${received}`
});

export const stringIssue = (field: string, received = 'undefined') => typeIssue([field], 'string', 'string', received);
export const booleanIssue = (field: string, received: string) => typeIssue([field], 'boolean', 'boolean', received);
export const emailTypeIssue = (received = 'undefined') => typeIssue(['email'], 'string', 'email', received);
export const emailIssue = {
	origin: 'string',
	code: 'invalid_format',
	format: 'email',
	pattern:
		"/^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/",
	path: ['email'],
	message: 'Invalid input: expected email, received string'
};
export const uuidIssue = (field = 'id') => ({
	origin: 'string',
	code: 'invalid_format',
	format: 'uuid',
	pattern: '/^([0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12})$/',
	path: [field],
	message: 'Invalid UUID'
});
export const integerIssue = (path: readonly string[]) => ({
	...typeIssue(path, 'int', 'int', 'number'),
	format: 'safeint'
});
export const tooShortIssue = (field: string) => ({
	origin: 'string',
	code: 'too_small',
	minimum: 8,
	inclusive: true,
	path: [field],
	message: 'Too small: expected string to have >=8 characters'
});
export const tooLongIssue = (field: string) => ({
	origin: 'string',
	code: 'too_big',
	maximum: 72,
	inclusive: true,
	path: [field],
	message: 'Too long: a password may have at most 72 bytes'
});
