import type { ChangeFeed } from '#lib/server/platform/database/pg-notifications.ts';
import type { RepositoryClasses } from '#lib/server/platform/database/store.ts';
import type { Feature } from '#lib/server/platform/feature.ts';
import type { OpenResources } from '#lib/server/platform/open-resources.ts';

type ServicesOf<Created> = Created extends { readonly services: infer Services } ? Services : unknown;

/** `earlier` are all features created before. */
type Create<Platform, Features, Created = Feature> = (
	platform: Platform,
	features: Features,
	earlier: readonly Feature[]
) => Created | Promise<Created>;

interface Step {
	readonly name: string;
	readonly create: Create<never, never>;
	readonly repositories: RepositoryClasses;
	readonly direct: RepositoryClasses;
}

// An empty object, as nothing is intersected with it.
type NoRepositories = Readonly<Record<never, never>>;

interface Host {
	readonly changes: Pick<ChangeFeed, 'subscribe'>;
	readonly resources: OpenResources;
}

/**
 * A list of features, each created from the platform and from the features before it. `Platform` is what all of them
 * need together; `Repositories` and `Direct` are those that they bring along.
 */
export class Composition<
	Platform = unknown,
	Features = unknown,
	Services = unknown,
	Repositories extends RepositoryClasses = NoRepositories,
	Direct extends RepositoryClasses = NoRepositories
> {
	readonly #steps: Step[] = [];

	/** `repositories` can take part in a transaction; `direct` ones never do. */
	add<
		Name extends string,
		Needed,
		Created extends Feature,
		Own extends RepositoryClasses = NoRepositories,
		OwnDirect extends RepositoryClasses = NoRepositories
	>(
		name: Name,
		create: (platform: Needed, features: Features) => Created | Promise<Created>,
		repositories?: Own,
		direct?: OwnDirect
	): Composition<
		Platform & Needed,
		Features & Readonly<Record<Name, Created>>,
		Services & ServicesOf<Created>,
		Repositories & Own,
		Direct & OwnDirect
	> {
		this.#steps.push({ name, create, repositories: repositories ?? {}, direct: direct ?? {} });
		// The same list, now with the types of one more feature.
		return this as never;
	}

	/** Adds the feature that uses what all others declare: none can follow it. */
	addLast<
		Name extends string,
		Needed,
		Created extends Feature,
		Own extends RepositoryClasses = NoRepositories,
		OwnDirect extends RepositoryClasses = NoRepositories
	>(
		name: Name,
		create: Create<Needed, Features, Created>,
		repositories?: Own,
		direct?: OwnDirect
	): Omit<
		Composition<
			Platform & Needed,
			Features & Readonly<Record<Name, Created>>,
			Services & ServicesOf<Created>,
			Repositories & Own,
			Direct & OwnDirect
		>,
		'add' | 'addLast'
	> {
		this.#steps.push({ name, create, repositories: repositories ?? {}, direct: direct ?? {} });
		return this as never;
	}

	/** The repositories of all features that can take part in a transaction. */
	get repositories(): Repositories {
		return Object.assign({}, ...this.#steps.map(({ repositories }) => repositories)) as Repositories;
	}

	/** Those that use connections of their own, outside of any transaction. */
	get directRepositories(): Direct {
		return Object.assign({}, ...this.#steps.map(({ direct }) => direct)) as Direct;
	}

	/** Creates and starts one feature after another. The caller closes `resources`, also if this fails. */
	async start(
		platform: Platform,
		{ changes, resources }: Host
	): Promise<{ readonly features: Features; readonly services: Services }> {
		const features: Record<string, Feature> = {};
		const services: Record<string, unknown> = {};
		for (const { name, create } of this.#steps) {
			const feature = await create(platform as never, features as never, Object.values(features));
			if (feature.changes) changes.subscribe(feature.changes);
			if (feature.stop) resources.add(feature.stop.name, feature.stop.run);
			await feature.start?.();
			features[name] = feature;
			Object.assign(services, feature.services);
		}
		// The steps have filled both with what their types name.
		return { features: features as Features, services: services as Services };
	}
}
