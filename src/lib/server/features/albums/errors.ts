import { badRequest } from '#lib/server/platform/errors.ts';

// Source: docs/wire-reference/albums.md#album-members.
export const invalidUser = () => badRequest('Invalid user', { shown: 'This user no longer exists.' });
export const anotherOwner = () =>
	badRequest('Cannot add another owner', { field: 'role', shown: 'An album has one owner.' });
export const userIsOwner = () => badRequest('User is owner', { shown: 'The owner’s role can’t be changed.' });
export const notAMember = () =>
	badRequest('Album not shared with user', { shown: 'This user is no longer a member of the album.' });
export const lastOwner = () =>
	badRequest('Cannot remove the last album owner', { shown: 'The owner can’t be removed from the album.' });
export const notRemovable = () =>
	badRequest('Not removed', { shown: 'You can’t remove this photo, or it is no longer in the album.' });
export const notAdded = () =>
	badRequest('Not added', { shown: 'These photos no longer exist, or you can’t share them.' });
export const invalidCover = () =>
	badRequest('Invalid album thumbnail', { shown: 'This photo is no longer in the album.' });
