import { defineAuditActions } from '../audit/audit-action.ts';

export const assetAuditActions = defineAuditActions({
	/** Recorded once an hour and credential, not for every file. */
	'asset.upload': { title: 'Photos uploaded', done: '{actor} uploaded photos' },
	'asset.update': { title: 'Photos changed', done: '{actor} changed {object}' },
	'asset.trash': { title: 'Photos moved to the trash', done: '{actor} moved {object} to the trash' },
	'asset.restore': { title: 'Photos restored', done: '{actor} restored {object} from the trash' },
	'asset.delete': { title: 'Photos deleted permanently', done: '{actor} permanently deleted {object}' }
});
