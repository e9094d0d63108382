import { badRequest } from '#lib/server/platform/errors.ts';

// Source: docs/wire-reference/partners.md#partner-endpoints.
export const partnerExists = () =>
	badRequest('Partner already exists', { field: 'user', shown: 'You already share your library with this user.' });
export const requestExists = () =>
	badRequest('Partner request already exists', { field: 'user', shown: 'This user has been asked already.' });
export const invalidUser = () => badRequest('Invalid user', { field: 'user', shown: 'This user no longer exists.' });
export const ownPartner = () =>
	badRequest('Cannot share with yourself', { field: 'user', shown: 'Choose another user.' });
export const partnerNotFound = () => badRequest('Partner not found', { shown: 'This library is no longer shared.' });
export const requestNotFound = () =>
	badRequest('Partner request not found', { shown: 'This request has expired or was withdrawn.' });
export const tooManyPartners = (most: number) =>
	badRequest(`At most ${most} partners`, { field: 'user', shown: `You can share with up to ${most} users.` });
