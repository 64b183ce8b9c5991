@echo off
rem Sets up, then lint, types and all tests: the Windows twin of "make test".
setlocal
cd /d "%~dp0"
rem files and pipes are UTF-8 here as everywhere, whatever the code page of this Windows is
set PYTHONUTF8=1
rem the launcher comes with Python from python.org; one from the store has only the plain command
set "PYTHON_COMMAND=py -3"
where py >nul 2>nul || set "PYTHON_COMMAND=python"
%PYTHON_COMMAND% tools\bootstrap.py || exit /b 1
.venv\Scripts\python.exe -m ruff check . || exit /b 1
.venv\Scripts\python.exe -m ruff format --check . || exit /b 1
.venv\Scripts\python.exe -m mypy || exit /b 1
.venv\Scripts\python.exe -m pytest --numprocesses auto --dist worksteal
exit /b %ERRORLEVEL%
