/** jstat ships no types: https://github.com/jstat/jstat, 1.9.6. Only what is used here. */
declare module 'jstat' {
  const module: {
    readonly jStat: {
      readonly gamma: {
        /** The quantile of a gamma distribution; some 3e-12 of relative accuracy from p = 2^-33 to 1 - 2^-33. */
        inv(p: number, shape: number, scale: number): number;
        cdf(x: number, shape: number, scale: number): number;
      };
      readonly chisquare: {
        cdf(x: number, dof: number): number;
      };
      readonly studentt: {
        /** The quantile of Student's t with dof degrees of freedom. */
        inv(p: number, dof: number): number;
      };
      erf(x: number): number;
    };
  };
  export default module;
}
