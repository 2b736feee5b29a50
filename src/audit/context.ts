import type { WeakSecret } from '../weak/weak-secret.ts';
import type { Networks } from './network.ts';

/** Where an address is, by the user's own GeoIP file. */
export interface Place {
  readonly country: string | null;
  /** Degrees. */
  readonly latitude: number;
  readonly longitude: number;
}

/** Whether a verified token had been revoked when it was used. */
export interface Revoked {
  /** Milliseconds from which it was revoked, NaN where no time is known, null where it is not revoked. */
  since(token: {
    readonly id: string;
    readonly jti: string | null;
    readonly iss: string | null;
    readonly userId: string | number | null;
    readonly iat: number;
  }): number | null;
}

/** A chained log whose chain does not hold. */
export interface BrokenChain {
  readonly file: string;
  readonly line: number;
  readonly why: string;
}

/** What rules know beside the events; everything resolved, null or empty where nothing was given. */
export interface AuditContext {
  /** Milliseconds. */
  readonly now: number;
  /** Seconds of tolerance for clocks. */
  readonly leeway: number;
  /** Issuers and audiences that are ours. */
  readonly issuers: readonly string[] | null;
  readonly audiences: readonly string[] | null;
  /** `typ` values, and starts of paths, of tokens that must be used once only. */
  readonly oneTimeTypes: readonly string[];
  readonly oneTimePaths: readonly string[];
  /** Networks that are one place whatever their addresses: offices, VPNs, NAT of mobile carriers. */
  readonly knownNetworks: Networks;
  /** User ids (as text) whose tokens are worth more, and names of roles and scopes that make them so. */
  readonly adminUsers: ReadonlySet<string>;
  readonly privilegedRoles: ReadonlySet<string>;
  /** Header parameters that tokens of ours do carry. */
  readonly headerParams: ReadonlySet<string>;
  readonly revoked: Revoked | null;
  readonly locate: ((ip: string) => Place | null) | null;
  /** Looked at after the last use. */
  readonly weakSecrets: readonly WeakSecret[];
  /** Files that hold what was read, and their modes. */
  readonly files: readonly { readonly path: string; readonly mode: number | null }[];
  readonly brokenChains: readonly BrokenChain[];
  /** Spans of time, milliseconds, in which keys may change. */
  readonly changeWindows: readonly { readonly from: number; readonly to: number }[];
}

/** Names of roles that most systems give to those who may do everything. */
export const PRIVILEGED_ROLES: readonly string[] = [
  'admin',
  'administrator',
  'root',
  'superuser',
  'super_admin',
  'superadmin',
  'owner',
  'sysadmin',
];
