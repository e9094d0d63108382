import { defineAuditActions } from '../audit/audit-action.ts';

// Admins read the log and have no access to albums: no sentence contains an album's name.
export const albumAuditActions = defineAuditActions({
	'album.create': { title: 'Album created', done: '{actor} created an album' },
	'album.update': { title: 'Album changed', done: '{actor} changed an album' },
	'album.delete': { title: 'Album deleted', done: '{actor} deleted an album' },
	'album.addAssets': { title: 'Photos added to an album', done: '{actor} added photos to an album' },
	'album.removeAssets': { title: 'Photos removed from an album', done: '{actor} removed photos from an album' },
	'album.share': { title: 'Album shared', done: '{actor} shared an album with {subject}' },
	'album.role': { title: 'Role in an album changed', done: '{actor} changed the role of {subject} in an album' },
	'album.unshare': { title: 'User removed from an album', done: '{actor} removed {subject} from an album' },
	'album.leave': { title: 'Album left', done: '{actor} left an album' }
});
