! Laplace's equation by one process in Fortran: Jacobi's method with the norm of what changes, output as of grids.c.
!
!   laplace laplace SIZE WARMUP ITERATIONS BATCHES
program laplace
  use, intrinsic :: iso_fortran_env, only: real64, int64
  implicit none
  real(real64), allocatable :: u(:, :), v(:, :)
  real(real64) :: h, error, seconds
  integer(int64) :: start, finish, rate
  integer :: n, warmup, iterations, batches, i, batch

  n = argument(2)
  warmup = argument(3)
  iterations = argument(4)
  batches = argument(5)
  allocate (u(n, n), v(n, n), source=0.0_real64)
  h = 1.0_real64/(n - 1)
  ! x² − y² at the walls; the rows of the other programs are the columns here.
  do i = 1, n
    u(i, 1) = -((i - 1)*h)**2
    u(i, n) = 1 - ((i - 1)*h)**2
    u(1, i) = ((i - 1)*h)**2
    u(n, i) = ((i - 1)*h)**2 - 1
  end do
  v = u
  do i = 1, warmup
    call step()
  end do
  write (*, '(a)', advance='no') '{"seconds":['
  do batch = 1, batches
    call system_clock(start, rate)
    do i = 1, iterations
      call step()
    end do
    call system_clock(finish)
    seconds = real(finish - start, real64)/rate/iterations
    if (batch > 1) write (*, '(a)', advance='no') ','
    write (*, '(es13.6)', advance='no') seconds
  end do
  write (*, '(a,es24.16,a)') '],"sum":', error, '}'

contains

  integer function argument(position)
    integer, intent(in) :: position
    character(32) :: text
    call get_command_argument(position, text)
    read (text, *) argument
  end function

  ! Makes the next grid; error is how far it is from the last one.
  subroutine step()
    real(real64), allocatable :: spare(:, :)
    real(real64) :: squares
    integer :: i, j
    squares = 0
    do j = 2, n - 1
      !$omp simd reduction(+:squares)
      do i = 2, n - 1
        v(i, j) = 0.25_real64*(u(i, j - 1) + u(i, j + 1) + u(i - 1, j) + u(i + 1, j))
        squares = squares + (v(i, j) - u(i, j))**2
      end do
    end do
    error = sqrt(squares)
    call move_alloc(u, spare)
    call move_alloc(v, u)
    call move_alloc(spare, v)
  end subroutine
end program
