import { strict as assert } from 'node:assert';
import { functionsOfC } from '../../../src/jit/cPrototypes.ts';
import { functionsOfFortran } from '../../../src/jit/fortranPrototypes.ts';
import type { ParsedSource } from '../../../src/jit/prototype.ts';
import { prototypeText } from '../../../src/jit/prototype.ts';

const texts = ({ functions }: ParsedSource) => functions.map(prototypeText);
const reasons = ({ refused }: ParsedSource) =>
  refused.map(({ name, reason }) => `${name}: ${reason}`);
const c = (source: string) => texts(functionsOfC(source, 'c'));
const cpp = (source: string) => texts(functionsOfC(source, 'c++'));

describe('prototypes in C', () => {
  it('tell pointers from values, and what is const', () => {
    assert.deepEqual(c('void f(const double* a, double *b, double const *c, size_t n) {}'), [
      'f(const float64[] a, float64[] b, const float64[] c, uint64 n)',
    ]);
    assert.deepEqual(c('double g(const float *restrict a, const int n) { return 0; }'), [
      'g(const float32[] a, int32 n): float64',
    ]);
    assert.deepEqual(c('void h(double *const a, const float b[], size_t n, double c[n][n]) {}'), [
      'h(float64[] a, const float32[] b, uint64 n, float64[] c)',
    ]);
    assert.deepEqual(c('int k(void) { return 1; } int l() { return 2; }'), [
      'k(): int32',
      'l(): int32',
    ]);
  });

  for (const [type, dtype] of [
    ['unsigned', 'uint32'],
    ['long', 'int64'],
    ['unsigned long long int', 'uint64'],
    ['long unsigned', 'uint64'],
    ['short int', 'int16'],
    ['signed char', 'int8'],
    ['unsigned char', 'uint8'],
    ['int8_t', 'int8'],
    ['uint64_t', 'uint64'],
    ['ptrdiff_t', 'int64'],
    ['bool', 'bool'],
    ['_Bool', 'bool'],
    ['double _Complex', 'complex128'],
    ['_Complex float', 'complex64'],
    ['complex double', 'complex128'],
  ]) {
    it(`know ${type}`, () => {
      assert.deepEqual(c(`void f(${type} x, const ${type}* y) {}`), [
        `f(${dtype} x, const ${dtype}[] y)`,
      ]);
    });
  }

  it('are those of functions that are neither static nor inline, outside of all braces', () => {
    const source = `
      /* void no(double* a) {} */ // void no(double* a) {}
      #define BODY { return 1; } \\
         void no(double* a) {}
      struct Point { double x; };
      static const int table[] = {1, 2};
      static double helper(double x) { if (x > 0) { return x; } return 0; }
      static inline int other(int n) { return n; }
      int declared(int n);
      __attribute__((noinline)) void first(double* a) { char s[] = "void no() {"; char q = '{'; }
      void second(int n) { for (int i = 0; i < n; i++) { } }`;
    assert.deepEqual(c(source), ['first(float64[] a)', 'second(int32 n)']);
  });

  it('say why functions cannot be called', () => {
    const parsed = functionsOfC(
      `void a(double** x) {} void b(struct P p) {} void c(int (*f)(int)) {} long double d(int x) { return x; }
       void e(char* text) {} void f(int n, ...) {}`,
      'c',
    );
    assert.deepEqual(parsed.functions, []);
    assert.deepEqual(reasons(parsed), [
      "a: its parameter 'double * * x' points to pointers",
      "b: its parameter 'struct P p' is of a type that no dtype has",
      "c: its parameter 'int ( * f ) ( int )' is a function or has parentheses",
      "d: it returns 'long double'",
      "e: its parameter 'char * text' is of a type that no dtype has",
      "f: its parameter '. . .' is of a type that no dtype has",
    ]);
  });
});

describe('prototypes in C++', () => {
  it('are found in extern "C", not in namespaces and templates', () => {
    const source = `
      namespace inner { void no(double* a) {} }
      template <typename T> void generic(T* a) {}
      struct Counter { int n; void no(int k) { n = k; } };
      extern "C" { void first(const std::complex<double>* z, std::size_t) {} }
      extern "C" void second(std::int32_t* n) noexcept {}
      auto text = R"(void no(double* a) {})";
      [[gnu::noinline]] void third(std::complex<float> z) {}`;
    assert.deepEqual(cpp(source), [
      'first(const complex128[] z, uint64 argument1)',
      'second(int32[] n)',
      'third(complex64 z)',
    ]);
  });

  it('refuse references, defaults and several dimensions', () => {
    const parsed = functionsOfC(
      'void a(const double& x) {} void b(int n = 3) {} void c(double x[][3]) {}',
      'c++',
    );
    assert.deepEqual(
      reasons(parsed).map((text) => text.replace(/'.*' /, '')),
      [
        'a: its parameter is a reference',
        'b: its parameter has a default',
        'c: its parameter has several dimensions',
      ],
    );
  });
});

describe('prototypes in Fortran', () => {
  it('are those of procedures with bind(c)', () => {
    const source = `
module m
  use iso_c_binding
contains
  subroutine Scale(a, out, n, k) BIND(C, name="scaleAll") ! a comment with bind(c)
    integer(c_int), value :: n
    real(kind=c_double), intent(in) :: a(n), &
      k
    real(c_double), intent(out), dimension(n) :: out
    interface
      subroutine other(x) bind(c)
        real(8) :: x
      end subroutine
    end interface
    out = a * k
  end subroutine
  pure function total(z, n) bind(c) result(s)
    integer(c_size_t), value :: n
    complex(c_double_complex), intent(in) :: z(n)
    complex(8) :: s
    s = sum(z)
  end function
  real(c_float) function half(x) bind(c)
    real*4, value :: x
    half = x / 2
  end function
  subroutine own(a)
    real :: a(3)
  end subroutine
end module`;
    const parsed = functionsOfFortran(source);
    assert.deepEqual(texts(parsed), [
      'scaleAll(const float64[] a, float64[] out, int32 n, const float64[] k)',
      'total(const complex128[] z, int64 n): complex128',
      'half(float32 x): float32',
    ]);
    assert.deepEqual(
      parsed.functions[0].parameters.map(({ passed }) => passed),
      ['pointer', 'pointer', 'value', 'reference'],
    );
    assert.deepEqual(reasons(parsed), ["own: it has no bind(c, name='…')"]);
  });

  it('say why procedures cannot be called', () => {
    const source = `
subroutine a(x) bind(c)
  real(c_double) :: x(:)
end subroutine
subroutine b(x) bind(c)
  character(c_char) :: x
end subroutine
subroutine c(x) bind(c)
  real(c_long_double), value :: x
end subroutine`;
    assert.deepEqual(reasons(functionsOfFortran(source)), [
      'a: its argument x is an array of assumed shape: give it its extents, as in a(n)',
      "b: its argument x is not declared with '::'",
      'c: its argument x is of no type that C has',
    ]);
  });
});
