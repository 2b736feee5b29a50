declare module '*.json?validator' {
  import type { ValidateFunction } from 'ajv';

  /** Whether the schema allows a value; what it does not is in `errors` until the next call. */
  export const validate: ValidateFunction;
}
