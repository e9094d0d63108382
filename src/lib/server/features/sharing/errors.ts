import { badRequest } from '#lib/server/platform/errors.ts';

export const notAMember = () => badRequest('User is not a member of the album', { pageStatus: 404 });
export const ownerStays = () =>
	badRequest('The owner of an album cannot be removed', { shown: 'The owner of an album can’t be removed from it.' });
export const notAPartner = () => badRequest('Partner not found', { pageStatus: 404 });
