@echo off
rem Sets up, then lint, types and all tests: the Windows twin of "make test".
cd /d "%~dp0"
py -3 tools\bootstrap.py || exit /b 1
.venv\Scripts\python.exe -m ruff check . || exit /b 1
.venv\Scripts\python.exe -m ruff format --check . || exit /b 1
.venv\Scripts\python.exe -m mypy || exit /b 1
.venv\Scripts\python.exe -m pytest
exit /b %ERRORLEVEL%
