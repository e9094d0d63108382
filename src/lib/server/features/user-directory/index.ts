export { UserDirectoryRepository } from './user-directory.repository.ts';
export { UserDirectoryService } from './user-directory.service.ts';
export {
	accounts,
	canSignIn,
	canSignInByPassword,
	conditionOf,
	isActiveAdmin,
	isLinked,
	isLinkedTo,
	mustChangePassword,
	type SignInWays
} from './user-filter.sql.ts';
